import { join } from 'node:path';
import { _electron, chromium, type Page } from '@playwright/test';
import { BROWSER_ARGS } from '../../testing/browser.ts';
import { electronRuntime } from '../../testing/electron.ts';
import { type MicrophoneSource, microphoneFlags } from '../../testing/microphone.ts';
import { findBrowser } from '../../tools/browser/find.ts';
import { thisMachine } from '../../tools/browser/this-machine.ts';

/** A page in a separate browser. */
export interface OpenPage {
  page: Page;
  /** Process id of the browser's main process. */
  pid: number;
  /** E.g. `Chromium 156.0`. */
  version: string;
  close(): Promise<void>;
}

export type OpenRuntime = (url: string, microphone: MicrophoneSource) => Promise<OpenPage>;

const BARE_APP = join(import.meta.dirname, '../desktop/bare-app');

function flags(microphone: MicrophoneSource): string[] {
  return [
    ...BROWSER_ARGS,
    ...microphoneFlags(microphone, 'allowed'),
    // Lets the tones play without a click on the page.
    '--autoplay-policy=no-user-gesture-required',
  ];
}

/** The Chromium that the tests use. */
export async function chromiumRuntime(progress: (text: string) => void): Promise<OpenRuntime> {
  const executablePath = await findBrowser({ ...thisMachine(), print: progress });
  return async (url, microphone) => {
    const server = await chromium.launchServer({ executablePath, args: flags(microphone) });
    const browser = await chromium.connect(server.wsEndpoint());
    const page = await browser.newPage();
    await page.goto(url);
    return {
      page,
      pid: server.process().pid ?? 0,
      version: `Chromium ${browser.version()}`,
      close: () => server.close(),
    };
  };
}

/**
 * The Electron that the tests use, with one empty window; null if it is not available on this machine.
 * @param env environment variables that name the runtime and the display
 */
export function electronBenchRuntime(env: NodeJS.ProcessEnv): OpenRuntime | null {
  const runtime = electronRuntime(env);
  if ('missing' in runtime) return null;
  return async (url, microphone) => {
    const app = await _electron.launch({
      executablePath: runtime.executable,
      args: [...flags(microphone), BARE_APP],
      env: Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    });
    const page = await app.firstWindow();
    await page.goto(url);
    const versions = await app.evaluate(
      ({ app: own }) => `${own.getVersion()} ${process.versions.electron} ${process.versions.chrome}`,
    );
    const [, electron, chrome] = versions.split(' ');
    return {
      page,
      pid: app.process().pid ?? 0,
      version: `Electron ${electron} (Chromium ${chrome})`,
      close: () => app.close(),
    };
  };
}
