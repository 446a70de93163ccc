import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { createActiveTurns } from '../host/active-turns.ts';
import { resetFake, Tray } from '../testing/fake-electron.ts';
import { setLanguage } from '../text/text.ts';
import { setupTray, trayIcon } from './tray.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const log = vi.fn();
const [send, showWindow, openWindow, quit] = [vi.fn(), vi.fn(), vi.fn(), vi.fn()];
beforeEach(() => {
  resetFake();
  vi.clearAllMocks();
  setLanguage({ language: 'en' });
});

const recorder = {
  write: () => true,
  gap: () => true,
  microphone: () => undefined,
  pause: () => undefined,
  finish: async () => null,
};
function setup(platform: NodeJS.Platform = 'linux', trayHost: () => Promise<boolean | null> = async () => true) {
  const activeTurns = createActiveTurns({ begin: () => recorder });
  const rewrite = setupTray({
    icons: '/opt/earshot/dist/tray',
    activeTurns,
    send,
    showWindow,
    openWindow,
    quit,
    log,
    trayHost,
    platform,
  });
  const begin = () => activeTurns.sink.begin({ sessionId: 's', userId: 'me', turn: 1, startedAt: new Date(0) });
  return { tray: Tray.all[0] as Tray, begin, rewrite };
}
const labels = (tray: Tray) => tray.menu.map(({ label }) => label).filter(Boolean);

test.each(['darwin', 'win32', 'linux'] as const)('every tray icon of %s exists in both resolutions', (platform) => {
  for (const state of ['idle', 'listening', 'paused'] as const) {
    const icon = join(import.meta.dirname, '../../build/tray', trayIcon(platform, state));
    expect(existsSync(icon), icon).toBe(true);
    expect(existsSync(icon.replace('.png', '@2x.png')), icon).toBe(true);
  }
});

test('icon, tooltip and menu show whether a window listens', () => {
  const { tray, begin } = setup();
  const idle = { image: join('/opt/earshot/dist/tray', 'tray.png'), toolTip: 'Earshot' };
  expect(tray).toMatchObject(idle);
  expect(labels(tray)).toEqual(['Start Listening', 'Show Window', 'New Window', 'Quit Earshot']);
  const turn = begin();
  expect(tray).toMatchObject({
    image: join('/opt/earshot/dist/tray', 'trayListening.png'),
    toolTip: 'Earshot is listening',
  });
  expect(labels(tray).slice(0, 2)).toEqual(['Stop Listening', 'Pause']);
  void turn.finish();
  expect(tray).toMatchObject(idle);
});

test('a paused turn is shown as paused, and as listening while another one is not', () => {
  const { tray, begin } = setup();
  const turn = begin();
  tray.choose('Pause');
  turn.pause(0, null);
  const paused = { image: join('/opt/earshot/dist/tray', 'trayPaused.png'), toolTip: 'Earshot is paused' };
  expect(tray).toMatchObject(paused);
  expect(labels(tray).slice(0, 2)).toEqual(['Stop Listening', 'Continue']);
  const other = begin();
  expect(tray.toolTip).toBe('Earshot is listening');
  void other.finish();
  expect(tray).toMatchObject(paused);
  tray.choose('Continue');
  turn.pause(0, 3);
  expect(tray.toolTip).toBe('Earshot is listening');
  expect(send.mock.calls).toEqual([['pause'], ['continue']]);
});

test('tooltip and menu follow a change of the language', () => {
  const { tray, begin, rewrite } = setup();
  begin();
  setLanguage({ language: 'de' });
  rewrite();
  expect(tray.toolTip).toBe('Earshot nimmt auf');
  expect(labels(tray)).toEqual(['Aufnahme beenden', 'Pause', 'Fenster zeigen', 'Neues Fenster', 'Earshot beenden']);
});

test('a second listening window does not redraw the tray icon', () => {
  const { tray, begin } = setup();
  begin();
  const setImage = vi.spyOn(tray, 'setImage');
  const second = begin();
  void second.finish();
  expect(setImage).not.toHaveBeenCalled();
});

test('the menu items start, stop, show a window and quit', () => {
  const { tray, begin } = setup();
  tray.choose('Start Listening');
  begin();
  tray.choose('Stop Listening');
  expect(send.mock.calls).toEqual([['start'], ['stop']]);
  tray.choose('Show Window');
  expect(showWindow).toHaveBeenCalledTimes(1);
  tray.choose('New Window');
  expect(openWindow).toHaveBeenCalledTimes(1);
  tray.choose('Quit Earshot');
  expect(quit).toHaveBeenCalledTimes(1);
});

test('a click shows the window; on macOS it opens the menu', () => {
  setup('win32').tray.emit('click');
  expect(showWindow).toHaveBeenCalledTimes(1);
  Tray.all = [];
  setup('darwin').tray.emit('click');
  expect(showWindow).toHaveBeenCalledTimes(1);
});

test('a desktop without a tray is only logged', () => {
  Tray.refuses = new Error('no tray here');
  const { begin } = setup();
  begin();
  expect(log).toHaveBeenCalledExactlyOnceWith('WARNING', { type: 'no_tray', detail: 'no tray here' });
});

test.each([
  ['has no tray', false, 'no StatusNotifier tray'],
  ['cannot be queried', null, 'unknown'],
])('a Linux desktop that %s is logged once', async (_what, answer, detail) => {
  const { begin } = setup('linux', async () => answer);
  begin();
  await vi.waitFor(() => expect(log).toHaveBeenCalledTimes(1));
  expect(log).toHaveBeenCalledWith('WARNING', { type: 'no_tray', detail: expect.stringContaining(detail) }, 'info');
});

test('a desktop with a tray, and systems that always have one, are not logged', async () => {
  const hasTray = vi.fn(async () => true);
  setup('linux', hasTray);
  await hasTray.mock.results[0]?.value;
  setup('darwin', hasTray);
  setup('win32', hasTray);
  expect(hasTray).toHaveBeenCalledTimes(1);
  expect(log).not.toHaveBeenCalled();
});
