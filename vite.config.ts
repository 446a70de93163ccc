import { cp, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions, type UserConfig } from 'vite';
import { pageHtml, preloadFont } from './tools/build/page-html.ts';
import { type BuildOutput, bundledPackages, outputsOf } from './tools/licences/bundled.ts';
import { notices, readPackage } from './tools/licences/notices.ts';
import { workerPackages } from './tools/licences/worker-packages.ts';

const root = import.meta.dirname;
/** Built as a separate file, which the desktop app's host imports only if it may look for updates. */
const updater = resolve(root, 'main/desktop/updater.ts');
/** Not bundled: Node's modules, Electron, Vite, the updater, and the native helpers of ws, slower for our frame size. */
const external = [
  ...builtinModules,
  ...builtinModules.map((name) => `node:${name}`),
  'electron',
  'vite',
  'bufferutil',
  'utf-8-validate',
  updater,
];

/** The folders of the packages in workers. */
const inWorkers = new Set<string>();

/**
 * The build of a program for Node or for Electron's main process.
 * @param options.split whether modules that are imported dynamically become files of their own; default: a single file
 */
function program(entry: string, file: string, format: 'es' | 'cjs', { split = false } = {}): EnvironmentOptions {
  return {
    consumer: 'server',
    resolve: { noExternal: true, external },
    build: {
      outDir: resolve(root, 'dist', file, '..'),
      emptyOutDir: false,
      minify: false,
      sourcemap: true,
      target: 'node20',
      rolldownOptions: {
        input: resolve(root, entry),
        external,
        output: {
          format,
          entryFileNames: file.slice(file.lastIndexOf('/') + 1),
          chunkFileNames: '[name].cjs',
          codeSplitting: split,
          // Use require for dynamic imports in CommonJS: older runtimes can't import from inside an archive.
          dynamicImportInCjs: false,
          paths: { [updater]: './updater.cjs' },
        },
      },
    },
  };
}

/** The configuration of builds and of the development servers. */
const config: UserConfig = {
  root: resolve(root, 'renderer'),
  // Relative, because the same files are served at http://127.0.0.1:<port>/ and at earshot://app/.
  base: './',
  plugins: [react(), pageHtml(), preloadFont()],
  // Replaces a dependency of electron-updater that has no licence text.
  resolve: { alias: { 'lazy-val': resolve(root, 'main/desktop/lazy-value.ts') } },
  // Wait (ms) until a changed file has been written. Read between an editor's truncation and its write, a component is
  // empty, and Vite can't apply the change that follows.
  server: { watch: { awaitWriteFinish: { stabilityThreshold: 50, pollInterval: 10 } } },
  worker: { format: 'es', plugins: () => [workerPackages(inWorkers)] },
  environments: {
    client: {
      build: {
        outDir: resolve(root, 'dist/renderer'),
        emptyOutDir: true,
        target: 'chrome120',
        // Never inline the worklet: the content security policy allows no data: scripts.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        // Read from the disk, not over a network.
        chunkSizeWarningLimit: 1_000,
        // The page, and the page that the printed link opens, which leads to it.
        // The overlay of the desktop app too.
        rolldownOptions: {
          input: ['index', 'link-page', 'overlay'].map((page) => resolve(root, `renderer/${page}.html`)),
        },
      },
    },
    // CommonJS: Electron loads it synchronously, before switches and schemes take effect.
    main: program('main/index.ts', 'main/index.cjs', 'cjs', { split: true }),
    updater: program('main/desktop/updater.ts', 'main/updater.cjs', 'cjs'),
    web: program('main/web.ts', 'main/web.js', 'es'),
    preload: program('preload/index.ts', 'preload/index.cjs', 'cjs'),
    overlayPreload: program('preload/overlay.ts', 'preload/overlay.cjs', 'cjs'),
  },
  builder: {
    async buildApp(builder) {
      const outputs: BuildOutput[] = [];
      for (const name of ['client', 'main', 'updater', 'web', 'preload', 'overlayPreload']) {
        const environment = builder.environments[name];
        if (environment) outputs.push(...outputsOf(await builder.build(environment)));
      }
      const packages = [...new Set([...bundledPackages(outputs, resolve(root, 'renderer')).keys(), ...inWorkers])].map(
        readPackage,
      );
      await writeFile(resolve(root, 'dist/THIRD-PARTY.txt'), notices(packages));
      // The icons of tray and task bar, without their SVGs. Only dist/ is packaged.
      for (const folder of ['tray', 'taskbar'])
        await cp(resolve(root, 'build', folder), resolve(root, 'dist', folder), {
          recursive: true,
          filter: (path) => !path.endsWith('.svg'),
        });
      // The icon of windows and dialogs on Linux (main/desktop/app-icon.ts).
      await cp(resolve(root, 'build/icons/128x128.png'), resolve(root, 'dist/icons/128x128.png'));
    },
  },
};

export default defineConfig(({ mode }) => {
  // Vite would keep a NODE_ENV of the shell: `npm run dev` would then reload the page at each change instead of applying
  // it, and a build would contain React's development code.
  process.env.NODE_ENV = mode;
  return config;
});
