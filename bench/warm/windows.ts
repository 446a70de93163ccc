import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '@playwright/test';

/**
 * `plain`: as a person opens it. `held`: its microphone was opened when the page was, and stays open. `apart`: its
 * connections begin so late that the microphone is opened without them.
 */
export const WINDOWS = ['plain', 'held', 'apart'] as const;
export type WindowKind = (typeof WINDOWS)[number];

/** How much later (ms) than the press a connection begins in an `apart` window: less than the client's patience of 2 s. */
export const APART_MS = 700;

/**
 * Runs in the page before its own scripts. The page opens a microphone once and hands out clones of its stream: what is
 * left of opening one is the audio graph, so that no microphone can be there sooner.
 */
const HOLD_MICROPHONE = `(() => {
  const media = navigator.mediaDevices;
  const held = media.getUserMedia({
    audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
  media.getUserMedia = async () => (await held).clone();
})();`;

/** How long (ms) a window stays in each state, drawn evenly: so that no press meets the last one's leftovers, or always the same tick. */
const PAUSE_MS = { least: 150, most: 300 };
/** A press that has not come to listening by then (ms) has failed. */
const PATIENCE_MS = 10_000;

/**
 * Opens a window of its own, presses `presses` times to listen and as often to stop, and closes it.
 * @returns how many presses to listen were made: fewer where one did not come to it
 */
export async function pressInWindow(
  browser: Browser,
  url: string,
  kind: WindowKind,
  presses: number,
  random: () => number,
): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
  try {
    if (kind === 'held') await context.addInitScript({ content: HOLD_MICROPHONE });
    const page = await context.newPage();
    if (kind === 'apart') {
      await page.routeWebSocket(/\/ws\/voice\b/, async (socket) => {
        await sleep(APART_MS);
        socket.connectToServer();
      });
    }
    await page.goto(url);
    const until = (view: string) =>
      page.locator(`[data-view="${view}"]`).waitFor({ state: 'attached', timeout: PATIENCE_MS });
    const pause = () => sleep(PAUSE_MS.least + random() * (PAUSE_MS.most - PAUSE_MS.least));
    const mic = page.getByTestId('mic-button');
    await until('idle');
    for (let pressed = 0; pressed < presses; pressed++) {
      await pause();
      await mic.click();
      try {
        await until('listening');
      } catch {
        // What comes after it in this window would measure something else.
        return pressed + 1;
      }
      await pause();
      await mic.click();
      await until('idle');
    }
    return presses;
  } finally {
    await context.close();
  }
}
