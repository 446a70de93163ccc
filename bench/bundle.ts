import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** In the project, so that a bundle finds the packages that it leaves outside. */
const CACHE = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));

export interface Bundle {
  /** Path of the built module. */
  file(name: string): string;
  remove(): Promise<void>;
}

/**
 * Bundles modules as the app itself is built for Node: the loader that runs TypeScript directly names every function at
 * run time, which costs a server a few microseconds a connection that the app never pays.
 * @param modules by name
 */
export async function bundle(modules: Record<string, URL>): Promise<Bundle> {
  await mkdir(CACHE, { recursive: true });
  const dir = await mkdtemp(join(CACHE, 'earshot-bench-'));
  await build({
    configFile: false,
    logLevel: 'warn',
    ssr: { external: true },
    build: {
      ssr: true,
      outDir: dir,
      minify: false,
      target: 'node20',
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(modules).map(([name, url]) => [name, fileURLToPath(url)])),
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
      },
    },
  });
  return { file: (name) => join(dir, `${name}.mjs`), remove: () => rm(dir, { recursive: true, force: true }) };
}
