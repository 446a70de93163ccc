import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '@playwright/test';

/**
 * `plain`: opened as a user would. `held`: the page opens its microphone on load and keeps it open. `delayed`: voice
 * connections start only after the microphone is open.
 */
export const WINDOWS = ['plain', 'held', 'delayed'] as const;
export type WindowKind = (typeof WINDOWS)[number];

/** Delay (ms) of connections in a `delayed` window, below the client's timeout of 2 s. */
export const CONNECT_DELAY_MS = 700;

/**
 * An init script. It opens a microphone once, and `getUserMedia` returns clones of its stream. A press then only has to
 * create the audio graph: no real microphone could be ready sooner.
 */
const HOLD_MICROPHONE = `(() => {
  const media = navigator.mediaDevices;
  const held = media.getUserMedia({
    audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
  media.getUserMedia = async () => (await held).clone();
})();`;

/** Range (ms) of the random pause before each press, so that presses neither overlap nor hit the same tick. */
const PAUSE_MS = { min: 150, max: 300 };
/** A press has failed if the window is not listening after this time (ms). */
const TIMEOUT_MS = 10_000;

/**
 * Opens a window, starts and stops `presses` turns in it, and closes it.
 * @returns the number of turns that were started; after a failure, fewer than `presses`
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
    if (kind === 'delayed') {
      await page.routeWebSocket(/\/ws\/voice\b/, async (socket) => {
        await sleep(CONNECT_DELAY_MS);
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
