import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { TalkState } from '../../shared/desktop.ts';
import { OVERLAY_CHANNELS } from '../../shared/overlay.ts';
import { BrowserWindow, FakeSession, ipcMain, openFakeWindow, resetFake } from '../testing/fake-electron.ts';
import { setupOverlay } from './overlay.ts';
import { OVERLAY_SIZE } from './overlay-bounds.ts';
import { OVERLAY_URL } from './overlay-window.ts';
import { createTalkReports } from './talk-reports.ts';
import { appWindows } from './windows.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

beforeEach(resetFake);

function setup() {
  const dataDir = mkdtempSync(join(tmpdir(), 'earshot-overlay-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  let enabled = true;
  let now = 0;
  const reports = createTalkReports(() => now);
  const session = new FakeSession();
  const log = vi.fn();
  const overlay = setupOverlay({
    reports,
    isEnabled: () => enabled,
    session: session as never,
    preload: '/opt/earshot/dist/preload/overlay.cjs',
    devTools: false,
    dataDir,
    log,
    platform: 'linux',
    now: () => now,
  });
  const open = () => {
    const window = openFakeWindow();
    window.show();
    const contents = window.webContents;
    return {
      window,
      contents,
      report: (talk: TalkState, seconds: number | null = null) =>
        reports.onReport(contents as never, { talk, seconds }),
      level: (dbfs: unknown) => overlay.onLevel(contents as never, dbfs),
      /** What this page was sent. */
      sent: () => contents.sent.map(({ channel, payload }) => [channel.replace('earshot:', ''), payload]),
    };
  };
  /** The overlay; undefined: there is none. */
  const shown = () => BrowserWindow.all.find(({ webContents }) => webContents.session === session);
  const load = () => {
    const window = shown();
    window?.emit('ready-to-show');
    window?.webContents.emit('did-finish-load');
    return window as BrowserWindow;
  };
  const send = (command: unknown, from = shown()?.webContents) =>
    ipcMain.invoke(from as never, OVERLAY_CHANNELS.command, command);
  return {
    open,
    shown,
    load,
    send,
    log,
    dataDir,
    wait: (ms: number) => {
      now += ms;
    },
    enable: (on: boolean) => {
      enabled = on;
      overlay.update();
    },
  };
}

test('there is an overlay only while a window with a turn is minimised or hidden', () => {
  const { open, shown, load } = setup();
  const { window, report } = open();
  window.minimize();
  expect(shown()).toBeUndefined();
  report('recording', 3);
  expect(load()).toMatchObject({ loaded: [OVERLAY_URL], shown: true, focused: false, alwaysOnTop: 'floating' });
  expect(load().options).toMatchObject({ ...OVERLAY_SIZE, frame: false, skipTaskbar: true });
  window.restore();
  expect(shown()).toBeUndefined();
  window.hide();
  expect(shown()).toBeDefined();
  report('off');
  expect(shown()).toBeUndefined();
});

test('it shows the turn as it is now, and levels are sent only while it is shown', () => {
  const { open, load, wait } = setup();
  const { window, report, level, sent } = open();
  report('recording', 3);
  level(-20);
  wait(60_000);
  window.minimize();
  const overlay = load();
  level(-12);
  level('loud');
  report('paused', 63.5);
  expect(overlay.webContents.sent).toEqual([
    { channel: OVERLAY_CHANNELS.turn, payload: { talk: 'recording', seconds: 63, language: 'en' } },
    { channel: OVERLAY_CHANNELS.level, payload: -12 },
    { channel: OVERLAY_CHANNELS.turn, payload: { talk: 'paused', seconds: 63.5, language: 'en' } },
  ]);
  window.restore();
  expect(sent()).toEqual([
    ['onLevelsWanted', true],
    ['onLevelsWanted', false],
  ]);
});

test('pause, continue and stop go to the page whose turn it shows; anything else is refused', async () => {
  const { open, load, send } = setup();
  const [first, second] = [open(), open()];
  second.report('recording', 1);
  second.window.minimize();
  load();
  for (const command of ['pause', 'continue', 'stop', 'start', 'toggle', { command: 'stop' }]) await send(command);
  expect(second.sent().slice(1)).toEqual([
    ['onMicCommand', 'pause'],
    ['onMicCommand', 'continue'],
    ['onMicCommand', 'stop'],
  ]);
  expect(first.sent()).toEqual([]);
});

test('H34 commands of another page, and of a frame in the overlay, are refused', async () => {
  const { open, load, send, log, shown } = setup();
  const { window, contents, report, sent } = open();
  report('recording', 1);
  window.minimize();
  load();
  await send('stop', contents);
  const overlay = shown()?.webContents;
  await ipcMain.invoke(overlay as never, OVERLAY_CHANNELS.command, 'stop', { url: OVERLAY_URL, parent: null });
  expect(sent().filter(([channel]) => channel === 'onMicCommand')).toEqual([]);
  expect(log).toHaveBeenCalledTimes(2);
});

test('H34 an overlay that sends far too much, navigates or crashes is closed', async () => {
  for (const misbehave of [
    async ({ send }: ReturnType<typeof setup>) => void (await send('x'.repeat(300_000))),
    ({ shown }: ReturnType<typeof setup>) => void shown()?.webContents.emit('did-navigate', {}, 'about:blank'),
    ({ shown }: ReturnType<typeof setup>) => void shown()?.webContents.die('crashed'),
  ]) {
    resetFake();
    const rig = setup();
    const { window, report } = rig.open();
    report('recording', 1);
    window.minimize();
    rig.load();
    await misbehave(rig);
    expect(rig.shown()).toBeUndefined();
  }
});

test('the setting turns it off at once', () => {
  const { open, shown, enable } = setup();
  const { window, report } = open();
  report('recording', 1);
  window.minimize();
  enable(false);
  expect(shown()).toBeUndefined();
  enable(true);
  expect(shown()).toBeDefined();
});

test('an overlay that the user closes stays closed for this turn', () => {
  const { open, shown } = setup();
  const { window, report } = open();
  report('recording', 1);
  window.minimize();
  shown()?.close();
  report('paused', 2);
  expect(shown()).toBeUndefined();
  report('off');
  report('recording', 0);
  expect(shown()).toBeDefined();
});

test('its position is remembered; a damaged file counts as none', () => {
  const { open, shown, dataDir } = setup();
  const { window, report } = open();
  report('recording', 1);
  window.minimize();
  const first = shown()?.getBounds();
  shown()?.setBounds({ x: 40, y: 50 });
  window.restore();
  expect(JSON.parse(readFileSync(join(dataDir, 'overlay.json'), 'utf8'))).toEqual({ x: 40, y: 50 });
  window.minimize();
  expect(shown()?.getBounds()).toMatchObject({ x: 40, y: 50 });
  window.restore();
  writeFileSync(join(dataDir, 'overlay.json'), '{"x":"left"}');
  window.minimize();
  expect(shown()?.getBounds()).toEqual(first);
});

test('it is not one of Earshot’s windows', () => {
  const { open, load } = setup();
  const { window, report } = open();
  report('recording', 1);
  window.minimize();
  load();
  expect(BrowserWindow.all).toHaveLength(2);
  expect(appWindows()).toEqual([window]);
});
