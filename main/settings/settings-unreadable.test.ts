import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { readOwnedFileSync } from '../files/owned-files.ts';
import { createSettings } from './settings.ts';

vi.mock(import('../files/owned-files.ts'), async (original) => {
  const files = await original();
  return { ...files, readOwnedFileSync: vi.fn(files.readOwnedFileSync) };
});

const dir = mkdtempSync(join(tmpdir(), 'earshot-settings-'));
const file = join(dir, 'settings.json');
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('a file that cannot be read is not replaced: changes apply until the app ends, and are saved once it can be', () => {
  const text = '{"schema_version":1,"theme":"dark","user_id":"ann","of_another_version":1}';
  writeFileSync(file, text);
  const settings = createSettings({ dir });
  const denied = Object.assign(new Error('permission denied'), { code: 'EACCES' });
  vi.mocked(readOwnedFileSync).mockImplementation(() => {
    throw denied;
  });
  expect(() => settings.change({ notifications: false })).toThrow(
    expect.objectContaining({ code: 'settings_not_saved' }),
  );
  expect(settings.get()).toMatchObject({ theme: 'dark', notifications: false });
  expect([readFileSync(file, 'utf8'), readdirSync(dir)]).toEqual([text, ['settings.json']]);

  vi.mocked(readOwnedFileSync).mockImplementation(() => text);
  settings.change({ theme: 'light' });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    theme: 'light',
    notifications: false,
    user_id: 'ann',
    of_another_version: 1,
  });
});
