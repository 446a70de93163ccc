import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Inside the project, so that a bundle can import the packages that it does not contain. */
const CACHE = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));

export interface Bundle {
  /** The path of a built module. */
  file(name: string): string;
  remove(): Promise<void>;
}

/**
 * Bundles modules for Node as the app's build does. Without it, tsx would name every function at run time, which costs
 * a server a few microseconds per connection.
 * @param modules entry modules by the name of their bundle
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
