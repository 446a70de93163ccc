import { expect } from '@playwright/test';
import { CLOSE } from '../../shared/protocol.ts';
import { installPageFaults, type PageFaults } from './page-faults.ts';
import type { EarshotWindow } from './window.ts';

/** The states of a window. Each is reached as in real use. */
export const WINDOW_STATES = [
  'idle',
  'asking',
  'waiting-for-sound',
  'connecting',
  'listening',
  'paused',
  'muted',
  'mic-muted',
  'resumed',
  'reconnecting',
  'unreachable',
  'stopping',
  'finishing',
  'finishing-and-speaking',
  'offered',
  'saved',
  'mic-denied',
  'mic-missing',
  'mic-busy',
  'no-sound-devices',
  'refused-policy',
  'refused-size',
  // Must be last, because it changes the settings, which later states would keep.
  'another-mic',
] as const;
export type WindowState = (typeof WINDOW_STATES)[number];

const MIC_FAILURES: Partial<Record<WindowState, PageFaults['microphone']>> = {
  'mic-denied': 'NotAllowedError',
  'mic-missing': 'NotFoundError',
  'no-sound-devices': 'NotFoundError',
  'mic-busy': 'NotReadableError',
};
const REFUSALS: Partial<Record<WindowState, number>> = {
  'refused-policy': CLOSE.policy,
  'refused-size': CLOSE.tooLarge,
};

/** The errors that these states cause, for `app.allowErrors`. Chromium itself reports refused sockets. */
export const SIMULATED_ERRORS =
  /MIC_FAILED|type=refused_|type=server_gone|send_connected_failed|WebSocket connection to/;

/** Prepares a window for the simulation of its states. @returns reloads the window and brings it into a state */
export async function prepareWindowStates(earshot: EarshotWindow): Promise<(state: WindowState) => Promise<void>> {
  const { page } = earshot;
  await page.addInitScript(installPageFaults);

  const set = (change: Partial<PageFaults>) =>
    page.evaluate((change) => void Object.assign(window.faults, change), change);
  const cut = () => page.evaluate(() => window.faults.cut());

  async function listen(): Promise<void> {
    await earshot.press();
    await earshot.expectView('listening');
  }

  async function loseConnection(): Promise<void> {
    await listen();
    await set({ connection: 'fails' });
    await cut();
  }

  return async function enter(state) {
    await page.reload();
    await earshot.expectView('idle');
    const microphone = MIC_FAILURES[state];
    const connection = REFUSALS[state];
    if (microphone !== undefined || connection !== undefined) {
      const devices = state === 'no-sound-devices' ? 'none' : 'all';
      await set({ microphone: microphone ?? 'opens', connection: connection ?? 'works', devices });
      await earshot.press();
      return earshot.expectView('error', 20_000);
    }
    switch (state) {
      case 'asking':
        await set({ microphone: 'waits' });
        await earshot.press();
        return expect(earshot.status).toContainText('Allow the microphone');
      case 'waiting-for-sound':
        await set({ microphone: 'soundless' });
        await earshot.press();
        return expect(earshot.status).toContainText('Waiting for the microphone');
      case 'paused':
        await listen();
        await earshot.expectListenedFor(1);
        await page.getByTestId('pause').click();
        return earshot.expectView('paused');
      case 'muted':
        await listen();
        await page.getByTestId('mute').click();
        return expect(earshot.status).toContainText('Muted');
      case 'mic-muted':
        await listen();
        await page.evaluate(() => window.faults.mute());
        return expect(earshot.status).toContainText('The microphone is muted');
      case 'another-mic': {
        await earshot.openSettings('microphone');
        const field = page.getByRole('dialog').getByRole('combobox', { name: 'Microphone', exact: true });
        await field.selectOption({ index: 1 });
        const without = await field.inputValue();
        await page.keyboard.press('Escape');
        await set({ devices: { without } });
        await listen();
        return expect(page.getByTestId('microphone-notice')).toBeVisible();
      }
      case 'connecting':
        await set({ receives: false });
        await earshot.press();
        return earshot.expectView('connecting');
      case 'listening':
        await listen();
        return earshot.expectListenedFor(1);
      case 'resumed':
        await listen();
        await cut();
        return expect(page.getByTestId('loss')).toBeVisible();
      case 'reconnecting':
        await loseConnection();
        return expect(page.getByTestId('retry-now')).toBeVisible();
      case 'unreachable':
        await loseConnection();
        return expect(earshot.status).toContainText('does not answer', { timeout: 40_000 });
      case 'stopping':
        await listen();
        await set({ receives: false });
        await earshot.press();
        return earshot.expectView('stopping');
      case 'finishing':
        await loseConnection();
        await earshot.press();
        return expect(earshot.status).toContainText(/kept for \d+\ss more/);
      case 'finishing-and-speaking':
        await loseConnection();
        await earshot.press();
        await earshot.expectView('stopping');
        await earshot.press();
        return expect(earshot.status).toContainText(/kept for \d+\ss more/);
      case 'offered':
        await loseConnection();
        return expect(page.getByTestId('unsaved-audio')).toBeVisible({ timeout: 45_000 });
      case 'saved':
        await listen();
        await earshot.expectListenedFor(1);
        await earshot.press();
        await earshot.expectView('idle');
        return expect(earshot.recording).toBeVisible();
    }
  };
}
