import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { appIcon } from './app-icon.ts';

test('Linux gets an icon that can be decoded; macOS and Windows use the icon of the program', () => {
  const { icon = '' } = appIcon('/opt/earshot/dist', 'linux') ?? {};
  expect(icon).toBe(join('/opt/earshot/dist/icons', basename(icon)));
  expect(existsSync(join(import.meta.dirname, '../../build/icons', basename(icon)))).toBe(true);
  expect([appIcon('/opt/earshot/dist', 'darwin'), appIcon('/opt/earshot/dist', 'win32')]).toEqual([null, null]);
});
