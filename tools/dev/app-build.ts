import { createHash } from 'node:crypto';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createBuilder, type Plugin } from 'vite';
import { ROOT } from '../test-runner/run-tool.ts';

/** The modules of the main process that the development build replaces, and the module that replaces them. */
const REPLACED = [join(ROOT, 'main/desktop/scheme.ts'), join(ROOT, 'main/desktop/network.ts')];
const REPLACEMENT = join(ROOT, 'tools/dev/desktop-page.ts');

/** Replaces the modules only in main/index.ts, because the replacement itself imports the originals. */
const pageFromVite: Plugin = {
  name: 'earshot-page-from-vite',
  enforce: 'pre',
  resolveId: (source, importer) =>
    importer === join(ROOT, 'main/index.ts') && REPLACED.includes(join(importer, '..', source)) ? REPLACEMENT : null,
};

/** The files with the code of the main process and the preloads. */
const CODE = ['main/index.cjs', 'main/host.cjs', 'preload/index.cjs', 'preload/overlay.cjs'];

/**
 * Builds the main process and the preload for development into a folder that Electron can run. It does not write to
 * `dist/`, so that a development build is never started or packaged as the product.
 * @returns a hash of the code
 * @throws the bundler's error, after which the folder may contain parts of two builds
 */
export async function buildDevApp(folder: string): Promise<string> {
  const main = join(folder, 'dist/main');
  const preload = join(folder, 'dist/preload');
  // A builder can be used only once.
  const builder = await createBuilder({
    configFile: join(ROOT, 'vite.config.ts'),
    // The page server in the same process reads NODE_ENV, which the configuration sets to the mode.
    mode: 'development',
    logLevel: 'error',
    plugins: [pageFromVite],
    environments: {
      main: { build: { outDir: main } },
      preload: { build: { outDir: preload } },
      overlayPreload: { build: { outDir: preload } },
    },
  });
  for (const name of ['main', 'preload', 'overlayPreload']) {
    const environment = builder.environments[name];
    if (environment) await builder.build(environment);
  }
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
  // The icons of tray, task bar and, on Linux, of windows, as vite.config.ts copies them.
  for (const icons of ['tray', 'taskbar'])
    await cp(join(ROOT, 'build', icons), join(folder, 'dist', icons), { recursive: true });
  await cp(join(ROOT, 'build/icons/128x128.png'), join(folder, 'dist/icons/128x128.png'));
  const hash = createHash('sha256');
  const files = CODE.map((file) => join(folder, 'dist', file));
  for (const file of files) hash.update(await readFile(file));
  return hash.digest('hex');
}
