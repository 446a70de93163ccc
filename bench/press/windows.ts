import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { _electron, chromium, type Page } from '@playwright/test';
import { BROWSER_ARGS } from '../../testing/browser.ts';
import { desktopArgs, desktopEnv } from '../../testing/electron.ts';
import { startHost } from '../../testing/host-process.ts';
import { microphoneFlags } from '../../testing/microphone.ts';
import { findBrowser } from '../../tools/browser/find.ts';
import { thisMachine } from '../../tools/browser/this-machine.ts';
import { type AppName, BARE_APP, type BenchApps } from '../desktop/apps.ts';
import { startBareServer } from '../desktop/bare-tab.ts';

/** When the steps of a press happened, in ms since the pointer was pressed. */
export interface PressTimes {
  /** The page has sent its first frame of audio. On this machine it is at the server well within 1 ms. */
  firstFrame: number;
  /** The page shows that it is listening. */
  listening: number;
}

const WATCH_PRESSES = { path: join(import.meta.dirname, 'watch-press.js') };

/** Range (ms) of the random pause before each press. */
const PAUSE_MS = { min: 150, max: 300 };
/** A press has failed if it led to nothing within this time (ms). */
const TIMEOUT_MS = 10_000;

/** Opens a window in the desktop app or a tab, and starts and stops turns in it. @returns the times of each start */
export type PressInWindow = (name: AppName, presses: number, random: () => number) => Promise<PressTimes[]>;

/** Windows of a tab. The hosts and the browser stay open; each window has a new context. */
export async function openTabs(
  progress: (text: string) => void,
): Promise<{ press: PressInWindow; stop(): Promise<void> }> {
  const executablePath = await findBrowser({ ...thisMachine(), print: progress });
  const folder = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
  const hosts = { earshot: await startHost(folder), bare: await startBareServer() };
  const browser = await chromium.launch({
    executablePath,
    args: [...BROWSER_ARGS, ...microphoneFlags('beeps', 'allowed')],
  });
  return {
    async press(name, presses, random) {
      const context = await browser.newContext({ viewport: { width: 960, height: 720 } });
      try {
        await context.addInitScript(WATCH_PRESSES);
        const page = await context.newPage();
        await page.goto(hosts[name].url);
        return await pressInPage(page, presses, random);
      } finally {
        await context.close();
      }
    },
    async stop() {
      await browser.close();
      await Promise.all(Object.values(hosts).map((host) => host.stop()));
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Windows of the desktop app: each is a new start of the app. */
export function openDesktop(apps: BenchApps): PressInWindow {
  return async (name, presses, random) => {
    const folder = await apps.newFolder();
    const app = await _electron.launch({
      executablePath: apps.executable,
      args: desktopArgs(folder, name === 'bare' ? BARE_APP : undefined, microphoneFlags('beeps', 'allowed')),
      env: desktopEnv(folder, { ...apps.env, BARE_CAPTURE: '1' }),
    });
    try {
      const page = await app.firstWindow();
      await page.waitForLoadState();
      await page.context().addInitScript(WATCH_PRESSES);
      await page.reload();
      return await pressInPage(page, presses, random);
    } finally {
      await app.close();
    }
  };
}

async function pressInPage(page: Page, presses: number, random: () => number): Promise<PressTimes[]> {
  const untilView = (view: string) =>
    page.locator(`[data-view="${view}"]`).waitFor({ state: 'attached', timeout: TIMEOUT_MS });
  const pause = () => sleep(PAUSE_MS.min + random() * (PAUSE_MS.max - PAUSE_MS.min));
  const mic = page.getByTestId('mic-button');
  await untilView('idle');
  const times: PressTimes[] = [];
  while (times.length < presses) {
    await pause();
    const listens = page.evaluate<PressTimes>('window.nextPress()');
    await mic.click();
    const late = sleep(TIMEOUT_MS, null, { ref: false });
    const result = await Promise.race([listens, late]);
    if (result === null) throw new Error(`press ${times.length + 1} led to nothing in ${TIMEOUT_MS} ms`);
    times.push(result);
    await pause();
    await mic.click();
    await untilView('idle');
  }
  return times;
}
