import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { electronRuntime } from './electron.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-electron-'));
  writeFileSync(join(folder, 'electron'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

it('takes the runtime that ELECTRON_OVERRIDE_DIST_PATH names', () => {
  const env = { ELECTRON_OVERRIDE_DIST_PATH: folder, DISPLAY: ':0' };
  expect(electronRuntime(env, 'linux')).toEqual({ executable: join(folder, 'electron') });
});

it('says that the runtime is missing', () => {
  const env = { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'nowhere'), DISPLAY: ':0' };
  expect(electronRuntime(env, 'linux')).toEqual({ missing: "Electron's runtime is not on this machine" });
});

it('says that Linux lacks a display', () => {
  const env = { ELECTRON_OVERRIDE_DIST_PATH: folder };
  expect(electronRuntime(env, 'linux')).toEqual({ missing: 'Electron needs a display' });
});

it('says why no runtime could be provided', () => {
  const env = { ELECTRON_OVERRIDE_DIST_PATH: folder, DISPLAY: ':0', EARSHOT_NO_ELECTRON: 'It lacks libraries.' };
  expect(electronRuntime(env, 'linux')).toEqual({ missing: 'It lacks libraries.' });
});
