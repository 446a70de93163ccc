import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import type { AudioFilesPage } from './audio-files-page.ts';

declare global {
  interface Window {
    audioFilesPage: AudioFilesPage;
    /** The address of the worker's code, relative to the page. */
    audioFileWorker: string;
  }
}

const ASSETS = join(import.meta.dirname, '../../dist/renderer/assets');

let code: Promise<string> | null = null;

/** Builds `audio-files-page.ts` once. */
function built(): Promise<string> {
  code ??= (async () => {
    const output = await build({
      configFile: false,
      logLevel: 'error',
      build: {
        write: false,
        target: 'chrome114',
        minify: false,
        lib: { entry: join(import.meta.dirname, 'audio-files-page.ts'), formats: ['es'] },
      },
    });
    const [result] = Array.isArray(output) ? output : [output];
    if (result === undefined || !('output' in result)) throw new Error('nothing was built');
    const [chunk] = result.output;
    return chunk.code;
  })();
  return code;
}

/**
 * Puts `window.audioFilesPage` into a page of Earshot: it calls the parts of the window that export and import files. The
 * DevTools protocol runs it, to which the page's policy does not apply; its requests are the page's own.
 */
export async function loadAudioFiles(page: Page): Promise<void> {
  // It runs as a script, which has no `import.meta`.
  const source = (await built())
    .replace(/^export\s*\{[^}]*\};?\s*$/m, '')
    .replaceAll('import.meta.url', 'location.href');
  const worker = readdirSync(ASSETS).find((name) => /^audio-file-worker-.*\.js$/.test(name));
  if (worker === undefined) throw new Error('the app was built without audio-file-worker');
  await page.evaluate((url) => Object.assign(window, { audioFileWorker: url }), `assets/${worker}`);
  await page.evaluate(`(async () => {\n${source}\n})()`);
}
