import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EarshotError } from '../../shared/errors.ts';
import { DEFAULT_SETTINGS, type Settings, type SettingsProblem } from '../../shared/settings.ts';
import { createSettings } from './settings.ts';

let home: string;
let dir: string;
let file: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'earshot-settings-'));
  dir = join(home, 'profile');
  file = join(dir, 'settings.json');
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

const stored = async (): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));
async function write(text: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(file, text);
}
const NOW = new Date('2026-11-22T19:26:03.123Z');
/** In each file that is written. */
const VERSION = { schema_version: 1 };
/** The files below have no version: the log was always open then, and there were no first steps. */
const OPEN_LOG = { ...DEFAULT_SETTINGS, log_open: true, log_detail: 'everything', first_steps_done: true };
const BACKUP = 'settings.json.bad-2026-11-22T19-26-03-123Z';

function open() {
  const onChange = vi.fn<(settings: Settings) => void>();
  const onProblem = vi.fn<(error: EarshotError, problem: SettingsProblem) => void>();
  const settings = createSettings({ dir, onChange, onProblem, now: () => NOW });
  return {
    settings,
    onChange,
    problems: () => onProblem.mock.calls.map(([error]) => error.code),
    where: () => onProblem.mock.calls.map(([, problem]) => problem),
  };
}

describe('settings', () => {
  test('are the defaults at the first launch, without a problem', async () => {
    const { settings, problems } = open();
    expect(settings.get()).toEqual(DEFAULT_SETTINGS);
    expect(problems()).toEqual([]);
    await expect(readdir(dir)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('persist across launches, and changes are reported', async () => {
    const { settings, onChange } = open();
    const changed = settings.change({ theme: 'dark', user_id: 'ann' });
    expect(changed).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', user_id: 'ann' });
    expect(settings.get()).toEqual(changed);
    expect(onChange.mock.calls).toEqual([[changed]]);
    expect(await stored()).toEqual({ ...VERSION, ...changed });
    expect(open().settings.get()).toEqual(changed);
    expect(await readdir(dir)).toEqual(['settings.json']);
  });

  test('are not reported if nothing has changed', () => {
    const { settings, onChange } = open();
    settings.change({ theme: 'system' });
    settings.change({});
    expect(onChange).not.toHaveBeenCalled();
  });

  test('keep a value that is undefined in a patch', () => {
    const { settings } = open();
    settings.change({ user_id: 'ann' });
    expect(settings.change({ user_id: undefined, theme: 'light' })).toMatchObject({ user_id: 'ann', theme: 'light' });
  });

  test.each([
    [{ theme: 'pink' }, 'theme'],
    [{ user_id: 'two words' }, 'user_id'],
    [{ microphone_id: 'x'.repeat(257) }, 'microphone_id'],
    [null, 'settings'],
    ['dark', 'settings'],
  ])('reject %j and do not change', async (patch, name) => {
    const { settings, onChange } = open();
    expect(() => settings.change(patch as never)).toThrow(
      expect.objectContaining({ code: 'bad_settings', message: expect.stringContaining(`"${name}"`) }),
    );
    expect(settings.get()).toEqual(DEFAULT_SETTINGS);
    expect(onChange).not.toHaveBeenCalled();
  });

  test('keep what a later version has written to the file', async () => {
    await write('{"theme":"dark","later":[1,2]}');
    const { settings, problems } = open();
    settings.change({ user_id: 'ann' });
    expect(await stored()).toMatchObject({ theme: 'dark', user_id: 'ann', later: [1, 2] });
    expect(problems()).toEqual([]);
  });
});

describe('two instances with the same folder', () => {
  test('do not overwrite each other’s changes', async () => {
    const one = open().settings;
    const two = open().settings;
    one.change({ theme: 'dark' });
    expect(two.change({ user_id: 'bob' })).toMatchObject({ theme: 'dark', user_id: 'bob' });
    one.change({ microphone_id: 'desk' });
    expect(await stored()).toMatchObject({ theme: 'dark', user_id: 'bob', microphone_id: 'desk' });
  });
});

describe('a damaged file', () => {
  test('is renamed and reported once, and the defaults are used', async () => {
    await write('{"theme":"da');
    const { settings, problems } = open();
    expect(problems()).toEqual(['settings_damaged']);
    expect(settings.get()).toEqual(DEFAULT_SETTINGS);
    expect(await readFile(join(dir, BACKUP), 'utf8')).toBe('{"theme":"da');
    settings.change({ theme: 'dark' });
    const again = open();
    expect(again.problems()).toEqual([]);
    expect(again.settings.get().theme).toBe('dark');
  });

  test('with one wrong value keeps the other values and is corrected immediately', async () => {
    await write('{"theme":"pink","user_id":"ann"}');
    const { settings, problems } = open();
    expect(problems()).toEqual(['settings_damaged']);
    expect(settings.get()).toEqual({ ...OPEN_LOG, user_id: 'ann' });
    expect(await readFile(join(dir, BACKUP), 'utf8')).toBe('{"theme":"pink","user_id":"ann"}');
    expect(await stored()).toEqual({ ...VERSION, ...OPEN_LOG, user_id: 'ann' });
    expect(open().problems()).toEqual([]);
  });

  test('that another program damages during a run is renamed, and the current settings are written', async () => {
    const { settings, problems } = open();
    settings.change({ user_id: 'ann' });
    await write('not JSON');
    settings.change({ theme: 'dark' });
    expect(await stored()).toEqual({ ...VERSION, ...DEFAULT_SETTINGS, user_id: 'ann', theme: 'dark' });
    expect(await readFile(join(dir, BACKUP), 'utf8')).toBe('not JSON');
    expect(problems()).toEqual(['settings_damaged']);
  });

  test('that cannot be read is reported once and not changed', async () => {
    await mkdir(file, { recursive: true });
    const { settings, problems } = open();
    expect(problems()).toEqual(['settings_unreadable']);
    expect(settings.get()).toEqual(DEFAULT_SETTINGS);
    expect(() => settings.change({ theme: 'dark' })).toThrow(expect.objectContaining({ code: 'settings_not_saved' }));
    expect(await readdir(dir)).toEqual(['settings.json']);
  });
});

describe('a file of a newer version', () => {
  const NEWER = '{"schema_version":2,"theme":"solarised","user_id":"ann"}';
  const KEPT = 'settings.json.newer-2026-11-22T19-26-03-123Z';

  test('is renamed without a change and reported once with its place, and the defaults are used', async () => {
    await write(NEWER);
    const { settings, problems, where } = open();
    expect(problems()).toEqual(['settings_newer']);
    expect(where()).toEqual([{ kind: 'newer', file: join(dir, KEPT) }]);
    expect(settings.get()).toEqual(DEFAULT_SETTINGS);
    settings.change({ theme: 'dark' });
    expect(await readFile(join(dir, KEPT), 'utf8')).toBe(NEWER);
    const again = open();
    expect([again.problems(), again.settings.get().theme]).toEqual([[], 'dark']);
  });

  test('that a newer Earshot writes during a run is not overwritten; changes apply until the app ends', async () => {
    const { settings } = open();
    settings.change({ user_id: 'ann' });
    await write(NEWER);
    expect(() => settings.change({ theme: 'dark' })).toThrow(expect.objectContaining({ code: 'settings_not_saved' }));
    expect(settings.get()).toMatchObject({ theme: 'dark', user_id: 'ann' });
    expect(await readFile(file, 'utf8')).toBe(NEWER);
  });
});

test('a file of an earlier version is migrated, and has the current version after the next change', async () => {
  await write('{"theme":"dark","shortcut":"Alt+P"}');
  const { settings, problems } = open();
  expect(problems()).toEqual([]);
  expect(settings.get()).toMatchObject({ theme: 'dark', log_open: true, key_pause: '' });
  settings.change({ user_id: 'ann' });
  expect(await stored()).toMatchObject({ ...VERSION, theme: 'dark', log_open: true, key_pause: '', user_id: 'ann' });
});

test('H45 in a folder that cannot be written, a change applies until the app ends and is saved with the next change', async () => {
  await writeFile(dir, 'a file in place of the folder');
  const { settings, onChange } = open();
  expect(() => settings.change({ theme: 'dark' })).toThrow(expect.objectContaining({ code: 'settings_not_saved' }));
  expect(settings.get().theme).toBe('dark');
  expect(onChange).toHaveBeenCalledTimes(1);
  await rm(dir);
  settings.change({ user_id: 'ann' });
  expect(await stored()).toEqual({ ...VERSION, ...DEFAULT_SETTINGS, theme: 'dark', user_id: 'ann' });
});
