import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { openBrowser, whyNoBrowser } from './browser.ts';

test.each([
  ['a Mac', 'darwin', {}, null],
  ['Windows', 'win32', {}, null],
  ['Linux on X11', 'linux', { DISPLAY: ':0' }, null],
  ['Linux on Wayland', 'linux', { WAYLAND_DISPLAY: 'wayland-0' }, null],
  ['Linux under Windows', 'linux', { WSL_DISTRO_NAME: 'Debian' }, null],
  ['Linux without a display', 'linux', {}, 'there is no display'],
  ['a CI runner with a display', 'linux', { DISPLAY: ':99', CI: 'true' }, 'CI is set'],
  ['a Mac over ssh', 'darwin', { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, 'this is an ssh session'],
  ['CI=false', 'darwin', { CI: 'false' }, null],
] as const)('detects whether %s can open a browser', (_name, platform, env, expected) => {
  expect(whyNoBrowser(platform, env)).toBe(expected);
});

class Opener extends EventEmitter {
  constructor(readonly exitCode: number | null) {
    super();
  }
}

test.each([
  ['exited with 0 immediately', new Opener(0), null, null],
  ['failed immediately', new Opener(3), null, 'the system has no browser to open it with'],
  ['exits with 0 later', new Opener(null), 0, null],
  ['ends badly', new Opener(null), 3, 'the system has no browser to open it with'],
])('the result of an opener that %s', async (_name, opener, exit, expected) => {
  const opened = openBrowser('http://127.0.0.1/', async () => {
    if (exit !== null) setImmediate(() => opener.emit('exit', exit, null));
    return opener;
  });
  expect(await opened).toBe(expected);
});

test('the result without an opener', async () => {
  const start = () => Promise.reject(new Error('spawn xdg-open ENOENT'));
  expect(await openBrowser('http://127.0.0.1/', start)).toBe('the system has no program that opens addresses');
});
