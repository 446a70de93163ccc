import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import type { TalkState } from '../../shared/desktop.ts';
import { app, openFakeWindow, resetFake } from '../testing/fake-electron.ts';
import { createTalkReports } from './talk-reports.ts';
import { markOf, setupTaskBar } from './task-bar.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

beforeEach(resetFake);

const DIST = '/opt/earshot/dist';
const picture = (name: string) => join(DIST, 'taskbar', `${name}.png`);

function setup(platform: NodeJS.Platform) {
  const reports = createTalkReports();
  setupTaskBar({ reports, dist: DIST, platform });
  const open = () => {
    const window = openFakeWindow();
    const report = (talk: TalkState) => reports.onReport(window.webContents as never, { talk, seconds: null });
    return { window, report };
  };
  return { open };
}

test('nothing is marked before sound has arrived', () => {
  const states = ['off', 'waiting', 'recording', 'no_sound', 'reconnecting', 'muted', 'paused'] as const;
  expect(states.map(markOf)).toEqual(['none', 'none', 'recording', 'recording', 'recording', 'paused', 'paused']);
});

test('Windows: the button of the window that records has a mark with a description', () => {
  const { open } = setup('win32');
  const [first, second] = [open(), open()];
  first.report('recording');
  expect(first.window.overlayIcon).toEqual({ path: picture('recording'), description: 'Recording' });
  expect(second.window.overlayIcon).toBeNull();
  first.report('paused');
  expect(first.window.overlayIcon).toEqual({ path: picture('paused'), description: 'Paused' });
  first.window.webContents.reload();
  expect(first.window.overlayIcon).toBeNull();
});

test('Linux: the window that records has a marked icon, and gets its own back', () => {
  const { open } = setup('linux');
  const [first, second] = [open(), open()];
  first.report('waiting');
  expect(first.window.icon).toBeNull();
  first.report('recording');
  expect([first.window.icon, second.window.icon]).toEqual([picture('app-recording'), null]);
  first.report('muted');
  expect(first.window.icon).toBe(picture('app-paused'));
  first.report('off');
  expect(first.window.icon).toBe(join(DIST, 'icons', '128x128.png'));
});

test('macOS: the Dock icon has a badge while any window records', () => {
  const { open } = setup('darwin');
  const [first, second] = [open(), open()];
  first.report('paused');
  expect(app.badge).toBe('○');
  second.report('recording');
  expect(app.badge).toBe('●');
  second.report('off');
  first.report('off');
  expect(app.badge).toBe('');
});

test('every picture exists', () => {
  for (const name of ['recording', 'paused', 'app-recording', 'app-paused'])
    expect(existsSync(join(import.meta.dirname, '../../build/taskbar', `${name}.png`)), name).toBe(true);
});
