import { beforeEach, expect, test, vi } from 'vitest';
import { app, resetFake } from '../testing/fake-electron.ts';
import { REFUSED_SWITCHES, refuseSwitches } from './refused-switches.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));
beforeEach(resetFake);

const ALL = Object.values(REFUSED_SWITCHES).flat();
function start(names: readonly string[], forTests = false) {
  for (const name of names) app.commandLine.appendSwitch(name, 'value');
  return refuseSwitches(app.commandLine, { forTests });
}

test('each switch is in the list once, in lower case and without --, as Chromium writes it', () => {
  expect(new Set(ALL).size).toBe(ALL.length);
  for (const name of ALL) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

test('every refused switch is removed from the command line and reported by name only', () => {
  const { refused } = start(ALL);
  expect(refused).toEqual(ALL);
  expect(app.switches.size).toBe(0);
});

test.each([
  'remote-debugging-port',
  'remote-debugging-pipe',
  'use-fake-device-for-media-stream',
  'use-file-for-fake-audio-capture',
  'use-fake-ui-for-media-stream',
  'disable-web-security',
  'bypasscsp-schemes',
  'js-flags',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'gpu-launcher',
  'browser-subprocess-path',
  'host-resolver-rules',
  'proxy-server',
  'log-net-log',
])('--%s has no effect in a package', (name) => {
  expect(start([name])).toEqual({ refused: [name], tooLate: [] });
  expect(app.commandLine.hasSwitch(name)).toBe(false);
});

test.each([
  'no-sandbox',
  'user-data-dir',
  'force-device-scale-factor',
  'ozone-platform',
  'ozone-platform-hint',
  'disable-gpu',
  'in-process-gpu',
  'use-gl',
  'lang',
  'enable-features',
  'disable-features',
  'enable-logging',
  'force-renderer-accessibility',
  'alsa-input-device',
  // Electron adds it itself because of a fuse.
  'allow-file-access-from-files',
])('--%s is useful and stays', (name) => {
  expect(start([name])).toEqual({ refused: [], tooLate: [] });
  expect(app.commandLine.hasSwitch(name)).toBe(true);
});

test.each(['zygote-cmd-prefix', 'trace-startup', 'trace-config-file', 'enable-tracing'])(
  '--%s acts before our code runs: the app must not start with it',
  (name) => {
    expect(start([name]).tooLate).toEqual([name]);
  },
);

test('a test build allows only control by tests and a microphone from a file', () => {
  const { refused } = start(ALL, true);
  expect([...app.switches.keys()]).toEqual([...REFUSED_SWITCHES.control_page, ...REFUSED_SWITCHES.fake_microphone]);
  expect(refused).toHaveLength(ALL.length - app.switches.size);
});
