import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '@playwright/test';

/**
 * `plain`: as a user opens it. `held`: the page opens its microphone when it loads, and keeps it open. `apart`:
 * connections are delayed until the microphone is open.
 */
export const WINDOWS = ['plain', 'held', 'apart'] as const;
export type WindowKind = (typeof WINDOWS)[number];

/** The delay (ms) of connections in an `apart` window: less than the client's timeout of 2 s. */
export const APART_MS = 700;

/**
 * Runs in the page before its own scripts. The page opens a microphone once and returns clones of its stream. Opening
 * one then only creates the audio graph: no microphone can be ready sooner.
 */
const HOLD_MICROPHONE = `(() => {
  const media = navigator.mediaDevices;
  const held = media.getUserMedia({
    audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
  media.getUserMedia = async () => (await held).clone();
})();`;

/** Range (ms) of the random pause in each state: presses must not overlap, nor always hit the same tick. */
const PAUSE_MS = { min: 150, max: 300 };
/** A press has failed if the window does not listen after this time (ms). */
const TIMEOUT_MS = 10_000;

/**
 * Opens a window, starts and stops `presses` turns in it, and closes it.
 * @returns how many turns were started: fewer than `presses` after a failure
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
    const untilView = (view: string) =>
      page.locator(`[data-view="${view}"]`).waitFor({ state: 'attached', timeout: TIMEOUT_MS });
    const pause = () => sleep(PAUSE_MS.min + random() * (PAUSE_MS.max - PAUSE_MS.min));
    const mic = page.getByTestId('mic-button');
    await untilView('idle');
    for (let pressed = 0; pressed < presses; pressed++) {
      await pause();
      await mic.click();
      try {
        await untilView('listening');
      } catch {
        // Later presses in this window would not be comparable.
        return pressed + 1;
      }
      await pause();
      await mic.click();
      await untilView('idle');
    }
    return presses;
  } finally {
    await context.close();
  }
}
