import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createBuilder, type Plugin } from 'vite';
import { ROOT } from '../../testing/host-process.ts';

const HOST = join(ROOT, 'main/host/host.ts');

/**
 * Makes a copy of the built desktop app whose voice server a test can restart. The main process is rebuilt with the
 * same configuration, and `start-restartable-host.ts` replaces `main/host/host.ts`.
 * @param folder the folder to create
 * @returns the folder, which Electron starts as an app
 */
export async function buildRestartableDesktop(folder: string): Promise<string> {
  await cp(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>;
  // Omit `type`, because Electron runs only the CommonJS files.
  const { name, productName, version, main, desktopName } = manifest;
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name, productName, version, main, desktopName }));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const builder = await createBuilder({
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    plugins: [replaceHost()],
    environments: { main: { build: { outDir: join(folder, 'dist/main') } } },
  });
  const { main: environment } = builder.environments;
  if (!environment) throw new Error('vite.config.ts has no environment `main`');
  await builder.build(environment);
  return folder;
}

function replaceHost(): Plugin {
  return {
    name: 'restartable-host',
    enforce: 'pre',
    resolveId(source, importer) {
      if (importer !== join(ROOT, 'main/index.ts') || join(ROOT, 'main', source) !== HOST) return null;
      return join(import.meta.dirname, 'start-restartable-host.ts');
    },
  };
}
