import { expect, test } from 'vitest';
import { appImagePath } from './app-image-path.ts';

const APPIMAGE = '/apps/Earshot.AppImage';

test.each([
  ['in its mount', '/tmp/.mount_a', '/tmp/.mount_a/earshot', APPIMAGE],
  ['in its mount, with a trailing slash', '/tmp/.mount_a/', '/tmp/.mount_a/usr/bin/earshot', APPIMAGE],
  ['outside of another program’s mount', '/tmp/.mount_term', '/opt/Earshot/earshot', undefined],
  ['in a folder whose name has the same prefix', '/tmp/.mount_a', '/tmp/.mount_ab/earshot', undefined],
  ['without a mount', undefined, '/opt/Earshot/earshot', undefined],
  ['with an empty mount', '', '/opt/Earshot/earshot', undefined],
  ['with a mount that is the whole disk', '/', '/opt/Earshot/earshot', undefined],
])('a program %s', (_where, APPDIR, execPath, own) => {
  expect(appImagePath({ APPIMAGE, APPDIR }, execPath)).toBe(own);
});

test('a folder that is not an AppImage', () => {
  expect(appImagePath({ APPDIR: '/opt/Earshot' }, '/opt/Earshot/earshot')).toBeUndefined();
});
