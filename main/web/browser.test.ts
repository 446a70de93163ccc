import { expect, it } from 'vitest';
import { hasScreen } from './browser.ts';

it.each([
  ['a Mac', 'darwin', {}, true],
  ['Windows', 'win32', {}, true],
  ['Linux on X11', 'linux', { DISPLAY: ':0' }, true],
  ['Linux on Wayland', 'linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['Linux under Windows', 'linux', { WSL_DISTRO_NAME: 'Debian' }, true],
  ['Linux without a display', 'linux', {}, false],
  ['a CI runner with a display', 'linux', { DISPLAY: ':99', CI: 'true' }, false],
  ['a Mac over ssh', 'darwin', { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, false],
  ['CI=false', 'darwin', { CI: 'false' }, true],
] as const)('knows whether %s has a screen', (_name, platform, env, expected) => {
  expect(hasScreen(platform, env)).toBe(expected);
});
