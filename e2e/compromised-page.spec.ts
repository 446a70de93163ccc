import type { Page } from '@playwright/test';
import { MAX_REFUSED_CALLS } from '../main/host/call-budget.ts';
import type { BridgeAnswer } from '../shared/bridge.ts';
import { DEFAULT_SETTINGS } from '../shared/settings.ts';
import { type App, expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

// A compromised page: a script that runs despite the page's policy can do everything that the page can. Meanwhile
// another window records, and its recording must be complete.

/** The limit of main/desktop/windows.ts, which can't be imported here because it imports Electron. */
const MAX_WINDOWS = 16;

type Bridge = Record<string, (args?: unknown) => Promise<BridgeAnswer>>;

declare global {
  interface Window {
    /** The sockets that the page's own scripts have opened. */
    pageSockets: WebSocket[];
    OriginalWebSocket: typeof WebSocket;
  }
}

/** Records in one window while `attack` runs in another one, and expects a complete recording. */
async function duringTurn(app: App, earshot: EarshotWindow, attack: () => Promise<void>): Promise<void> {
  await earshot.press();
  await earshot.expectListenedFor(1);
  const session = (await earshot.sessionId.textContent()) ?? '';
  await attack();
  await earshot.expectListenedFor((await earshot.seconds()) + 1);
  expect(await earshot.sessionId.textContent()).toBe(session);
  const spoken = await earshot.seconds();
  await earshot.press();
  await earshot.expectView('idle');
  const [recording] = await app.recordings(1);
  expect(recording).toMatchObject({ complete: true, gaps: [] });
  expect(recording?.duration_s).toBeGreaterThanOrEqual(spoken);
}

/** Makes the same bridge call many times at once. @returns the number of answers by code */
function callAtOnce(page: Page, call: string, argument: string, times: number): Promise<Record<string, number>> {
  return page.evaluate(
    async ({ call, argument, times }) => {
      const { earshot } = window as unknown as { earshot: Bridge };
      const factories: Record<string, () => unknown> = {
        nothing: () => undefined,
        'a shortcut of 400 KB': () => ({ shortcut: 'x'.repeat(400_000) }),
        'an id of 2 MB': () => ({ id: 'x'.repeat(2_000_000) }),
        'texts of 2 MB': () => Array.from({ length: 200 }, () => ({ fields: { text: 'x'.repeat(10_000) } })),
        'a message of 50 MB': () => 'x'.repeat(50_000_000),
        '500 levels': () => Array.from({ length: 500 }).reduce((inner) => [inner], 1),
        '5,000 names': () => Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`name_${n}`, n])),
        'a list of 100,000': () => new Array(100_000).fill(1),
        bytes: () => new Uint8Array(1_000_000),
      };
      const codes: Record<string, number> = {};
      const args = factories[argument]?.();
      const answers = Array.from({ length: times }, () => earshot[call]?.(args));
      for (const answer of await Promise.allSettled(answers)) {
        const code =
          answer.status === 'rejected' ? 'rejected' : answer.value?.ok ? 'answered' : (answer.value?.error.code ?? '');
        codes[code] = (codes[code] ?? 0) + 1;
      }
      return codes;
    },
    { call, argument, times },
  );
}

const PROCESS_GONE = /log: .* type=window_process_gone/;

test('H72 the desktop app bounds 60 windows, huge and nested values, 39 log histories and a flood of calls', async ({
  app,
  shell,
}) => {
  test.skip(shell === 'tab', 'a tab has no preload script: the next test covers it');
  test.slow();
  app.allowErrors(PROCESS_GONE);
  const earshot = await app.open();
  const hostile = await earshot.openAnother();
  const { page } = hostile;
  await duringTurn(app, earshot, async () => {
    // The preload rejects values that are too large, so the host gets no copy of them.
    for (const [call, argument] of [
      ['changeSettings', 'a shortcut of 400 KB'],
      ['getRecordingUrl', 'an id of 2 MB'],
      ['appendLog', 'texts of 2 MB'],
      ['changeSettings', 'a message of 50 MB'],
      ['appendLog', '500 levels'],
      ['changeSettings', '5,000 names'],
      ['appendLog', 'a list of 100,000'],
      ['changeSettings', 'bytes'],
    ] as const) {
      expect(await callAtOnce(page, call, argument, 3), `${call}: ${argument}`).toEqual({ bad_arguments: 3 });
    }

    // The app sends the histories one after the other, and refuses calls above the rate limit.
    const histories = await callAtOnce(page, 'getLogHistory', 'nothing', 39);
    expect(Object.keys(histories).sort().join()).toMatch(/^answered(,bridge_busy)?$/);
    expect((histories.answered ?? 0) + (histories.bridge_busy ?? 0)).toBe(39);

    const windows = () => app.electron().evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
    expect(await callAtOnce(page, 'openWindow', 'nothing', 60)).toEqual({ answered: 60 });
    expect(await windows()).toBe(MAX_WINDOWS);

    // After a flood of calls the app ends the page's process and loads its own page again.
    const crashed = page.waitForEvent('crash');
    await page.evaluate(() => {
      const { earshot } = window as unknown as { earshot: Bridge };
      const callForever = (): void => void earshot.getSettings?.().then(callForever);
      for (let lane = 0; lane < 16; lane++) callForever();
    });
    await crashed;
  });
  const endedWindows = app.log().filter(({ text }) => text.includes('type=window_ended'));
  expect(endedWindows.map(({ text }) => text)).toEqual([
    expect.stringContaining('type=window_ended | call=getSettings | why=too many calls'),
  ]);
  const after = await earshot.page.evaluate(() => (window as unknown as { earshot: Bridge }).earshot.getSettings?.());
  expect(after).toEqual({ ok: true, value: { ...DEFAULT_SETTINGS, first_steps_done: true } });
});

/** Runs in the page before its own scripts. */
function recordSockets(): void {
  window.pageSockets = [];
  window.OriginalWebSocket = window.WebSocket;
  window.WebSocket = class extends window.OriginalWebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      window.pageSockets.push(this);
    }
  };
}

/** Sends a frame on the page's bridge socket several times. @returns the host's close code; null if it stays open */
function sendOnBridge(page: Page, frame: string, times: number): Promise<number | null> {
  return page.evaluate(
    ({ frame, times }) =>
      new Promise<number | null>((resolve) => {
        const open = window.pageSockets.findLast(
          (socket) => socket.url.endsWith('/ws/bridge') && socket.readyState === 1,
        );
        if (!open) throw new Error('the bridge is not open');
        open.addEventListener('close', ({ code }) => resolve(code));
        for (let n = 0; n < times; n++) open.send(frame);
        // Calls are answered in order, so this answer comes last.
        open.addEventListener('message', ({ data }) => {
          if (String(data).startsWith('{"id":999999999,')) resolve(null);
        });
        open.send('{"id":999999999,"call":"getAppInfo"}');
      }),
    { frame, times },
  );
}

test('H72 the tab’s bridge bounds huge and nested frames, 39 log histories and a flood of calls', async ({
  app,
  shell,
}) => {
  test.skip(shell === 'electron', 'the desktop app has no bridge on a socket');
  test.slow();
  app.allowErrors(/WebSocket connection to .* failed/);
  const earshot = await app.open();
  const hostile = await app.open({ initScript: recordSockets });
  const { page } = hostile;
  await hostile.showLog();
  /** The page can reconnect, because it has the secret. */
  const waitForReconnect = async () => {
    await expect(page.getByTestId('log-cut-off')).toBeHidden({ timeout: 30_000 });
    await expect
      .poll(() =>
        page.evaluate(
          () => window.pageSockets.at(-1)?.url.endsWith('/ws/bridge') && window.pageSockets.at(-1)?.readyState,
        ),
      )
      .toBe(1);
  };
  await duringTurn(app, earshot, async () => {
    const settings = (shortcut: string) => JSON.stringify({ id: 1, call: 'changeSettings', args: { shortcut } });
    expect(await sendOnBridge(page, settings('x'.repeat(200_000)), 3)).toBe(null);
    expect(await sendOnBridge(page, settings('x'.repeat(400_000)), 1)).toBe(1009);
    await waitForReconnect();
    for (const args of [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, `[${'1,'.repeat(100_000)}1]`]) {
      expect(await sendOnBridge(page, `{"id":1,"call":"appendLog","args":${args}}`, 1)).toBe(1008);
      await waitForReconnect();
    }
    // Histories are answered one after the other, within the rate limit.
    expect(await sendOnBridge(page, '{"id":1,"call":"getLogHistory"}', 39)).toBe(null);
    expect(await sendOnBridge(page, '{"id":1,"call":"getSettings"}', 3 * MAX_REFUSED_CALLS)).toBe(1008);
    await waitForReconnect();
  });
  await expect
    .poll(() =>
      app.log().some(({ text }) => text.includes('type=window_ended | call=getSettings | why=too many calls')),
    )
    .toBe(true);
});
