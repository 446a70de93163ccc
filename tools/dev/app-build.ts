import { createHash } from 'node:crypto';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createBuilder, type Plugin } from 'vite';
import { ROOT } from '../test-runner/run-tool.ts';

/** The main process' parts that development replaces, and what stands in their place. */
const REPLACED = [join(ROOT, 'main/desktop/scheme.ts'), join(ROOT, 'main/desktop/network.ts')];
const REPLACEMENT = join(ROOT, 'tools/dev/desktop-page.ts');

/** In what main/index.ts imports: the replacement itself still gets the originals. */
const pageFromVite: Plugin = {
  name: 'earshot-page-from-vite',
  enforce: 'pre',
  resolveId: (source, importer) =>
    importer === join(ROOT, 'main/index.ts') && REPLACED.includes(join(importer, '..', source)) ? REPLACEMENT : null,
};

/**
 * Builds the main process and the preload for development into a folder that Electron can run. `dist/` is left alone:
 * what is built here is never started or packaged as the product.
 * @returns a name for what was built: the same for the same code
 * @throws what the bundler says, when there is a mistake in the source; the folder then may hold parts of two builds
 */
export async function buildDevApp(folder: string): Promise<string> {
  const files = { main: join(folder, 'dist/main/index.cjs'), preload: join(folder, 'dist/preload/index.cjs') };
  // A builder is good for one build.
  const builder = await createBuilder({
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    plugins: [pageFromVite],
    environments: {
      main: { build: { outDir: join(files.main, '..') } },
      preload: { build: { outDir: join(files.preload, '..') } },
    },
  });
  for (const name of Object.keys(files)) {
    const environment = builder.environments[name];
    if (environment) await builder.build(environment);
  }
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
  // As vite.config.ts does: the icons of the tray and of windows on Linux.
  await cp(join(ROOT, 'build/tray'), join(folder, 'dist/tray'), { recursive: true });
  await cp(join(ROOT, 'build/icons/128x128.png'), join(folder, 'dist/icons/128x128.png'));
  const hash = createHash('sha256');
  for (const file of Object.values(files)) hash.update(await readFile(file));
  return hash.digest('hex');
}
