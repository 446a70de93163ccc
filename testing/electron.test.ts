import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appLines, electronRuntime } from './electron.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-electron-'));
  writeFileSync(join(folder, 'electron'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('uses the runtime that ELECTRON_OVERRIDE_DIST_PATH names', () => {
  const env = { ELECTRON_OVERRIDE_DIST_PATH: folder, DISPLAY: ':0' };
  expect(electronRuntime(env, 'linux')).toEqual({ executable: join(folder, 'electron') });
});

test('reports a missing runtime', () => {
  const env = { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'nowhere'), DISPLAY: ':0' };
  expect(electronRuntime(env, 'linux')).toEqual({ missing: "Electron's runtime is not on this machine" });
});

test('reports a missing display on Linux', () => {
  const env = { ELECTRON_OVERRIDE_DIST_PATH: folder };
  expect(electronRuntime(env, 'linux')).toEqual({ missing: 'Electron needs a display' });
});

test('reports why no runtime could be provided', () => {
  const env = { ELECTRON_OVERRIDE_DIST_PATH: folder, DISPLAY: ':0', EARSHOT_NO_ELECTRON: 'It lacks libraries.' };
  expect(electronRuntime(env, 'linux')).toEqual({ missing: 'It lacks libraries.' });
});

test("finds the app's own lines in stderr", () => {
  const stderr = [
    'Debugger listening on ws://127.0.0.1:41935/33dd6e0e',
    'DevTools listening on ws://127.0.0.1:33475/devtools/browser/1',
    '[9:1127/053820.221:ERROR:bus.cc(399)] Failed to connect to the bus',
    '(electron:9): Gtk-WARNING **: 05:38:20: a warning',
    "ALSA lib confmisc.c:855:(parse_card) cannot find card '0'",
    'function snd_func_card_inum returned error: No such file or directory',
    "cannot find card '0'",
    'error evaluating strings',
    ': No such file or directory',
    '',
    'Earshot could not start: the disk is full',
    'TypeError: x is not a function',
    '    at main (index.cjs:1:1)',
  ].join('\n');
  expect(appLines(stderr)).toEqual([
    'Earshot could not start: the disk is full',
    'TypeError: x is not a function',
    '    at main (index.cjs:1:1)',
  ]);
});
