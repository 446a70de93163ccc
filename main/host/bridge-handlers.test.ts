import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { BRIDGE_CALLS } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { createVoiceMetrics } from '../health/metrics.ts';
import { NO_LIBRARY } from '../testing/no-recordings.ts';
import { answerBridgeCall, type BridgeDependencies, createBridgeHandlers, NO_SHELL } from './bridge-handlers.ts';

const metrics = createVoiceMetrics();
const onUnexpectedError = vi.fn();
const watchedSnapshot = vi.fn(() => metrics.health());
const dependencies: BridgeDependencies = {
  info: { version: '1', shell: 'tab', platform: 'linux', data_dir: '/d', system: null },
  voiceAddress: () => ({ url: null, token: 't', accepting: true }),
  settings: { get: () => DEFAULT_SETTINGS, change: (patch) => ({ ...DEFAULT_SETTINGS, ...(patch as object) }) },
  takeSettingsProblem: () => null,
  bus: { appendBatch: vi.fn(), historyPage: () => [] },
  recordings: {
    ...NO_LIBRARY,
    urlOf: async (id) => `recordings/${'s'.repeat(43)}/${id}.wav`,
  },
  imports: {
    begin: async () => ({ id: 'i'.repeat(43), url: `imports/${'i'.repeat(43)}` }),
    finish: async () => Promise.reject(new EarshotError('no_such_import', 'It has ended.')),
    cancel: async () => undefined,
  },
  recordingsFolder: {
    folder: async () => ({ path: '/data/recordings', is_default: true, present: true, move: null, error: null }),
    moveTo: async () => undefined,
    cancelMove: () => undefined,
  },
  endInterruptedTurn: async () => ({ state: 'ended', recordings: [], failure: null }),
  health: { snapshot: () => metrics.health(), watchedSnapshot },
  logFile: '/data/logs/earshot.log',
  defaultMicrophone: async () => 'Desk microphone',
  shell: NO_SHELL,
  log: vi.fn(),
};
const handlers = createBridgeHandlers(dependencies);
const ask = (call: string, args?: unknown) => answerBridgeCall(handlers, call, args, onUnexpectedError);

test('getHealth returns the current figures on every call', async () => {
  expect(await ask('getHealth')).toMatchObject({ ok: true, value: { totals: { attempts: 0 } } });
  metrics.attempt();
  expect(await ask('getHealth')).toMatchObject({ ok: true, value: { totals: { attempts: 1 } } });
});

test('only watchHealth, called by a window that shows health, starts additional measurements', async () => {
  await ask('getHealth');
  expect(watchedSnapshot).not.toHaveBeenCalled();
  expect(await ask('watchHealth')).toMatchObject({ ok: true, value: { warning: false } });
  expect(watchedSnapshot).toHaveBeenCalledTimes(1);
});

test('getHealth takes no arguments', async () => {
  expect(await ask('getHealth', { since: 0 })).toMatchObject({ ok: false, error: { code: 'bad_arguments' } });
});

test('names of inherited properties are unknown calls', async () => {
  for (const name of ['constructor', '__proto__', 'toString', 'onHealth']) {
    expect(await ask(name)).toMatchObject({ ok: false, error: { code: 'bad_call' } });
  }
  expect(onUnexpectedError).not.toHaveBeenCalled();
});

test('a recording is returned as a URL, not as bytes', async () => {
  expect(await ask('getRecordingUrl', { id: 'r-1' })).toEqual({
    ok: true,
    value: { url: `recordings/${'s'.repeat(43)}/r-1.wav` },
  });
});

test('property: every call with any arguments gets a result or a failure with a code', async () => {
  const call = fc.oneof(
    fc.constantFrom(...Object.keys(BRIDGE_CALLS)),
    fc.string(),
    fc.constantFrom('__proto__', 'toString'),
  );
  const args = fc.oneof(
    fc.anything(),
    fc.record({ id: fc.string(), offset: fc.double(), theme: fc.string(), user_id: fc.string() }, { requiredKeys: [] }),
  );
  await fc.assert(
    fc.asyncProperty(call, args, async (name, given) => {
      const answer = await ask(name, given);
      if (!answer.ok) {
        expect(answer.error.code).toMatch(/^(bad_(call|arguments)|no_desktop|no_update)$/);
        return;
      }
      const known = BRIDGE_CALLS[name as keyof typeof BRIDGE_CALLS];
      expect(known.args.safeParse(given).success).toBe(true);
      expect(known.result.safeParse(answer.value).success).toBe(true);
    }),
    { numRuns: 300 },
  );
  expect(onUnexpectedError).not.toHaveBeenCalled();
});

test('a shell that implements no calls reports it: no window, no desktop, no settings page, no update', async () => {
  expect(await ask('openWindow')).toEqual({ ok: true, value: false });
  expect(await ask('showLogFile')).toEqual({ ok: true, value: { path: '/data/logs/earshot.log' } });
  expect(await ask('restartAudio')).toEqual({ ok: true, value: false });
  expect(await ask('getDefaultMicrophone')).toEqual({ ok: true, value: { label: 'Desk microphone' } });
  expect(await ask('openMicrophoneSettings')).toEqual({ ok: true, value: false });
  expect(await ask('getDesktop')).toMatchObject({ ok: false, error: { code: 'no_desktop' } });
  expect(await ask('stepUpdate', 'download')).toMatchObject({ ok: false, error: { code: 'no_update' } });
});

test('calls that only the shell can answer are passed to the shell', async () => {
  const stepUpdate = vi.fn(async () => undefined);
  const desktop = { shortcut: 'on', login: 'off', update: { state: 'none' }, why_no_updates: null } as const;
  const shell = {
    openWindow: () => true,
    desktop: () => desktop,
    restartAudio: () => true,
    openMicrophoneSettings: async () => true,
    stepUpdate,
    dragRecordings: async () => undefined,
    chooseSaveFolder: async () => false,
    showDownload: async () => undefined,
  };
  const inShell = createBridgeHandlers({ ...dependencies, shell });
  const askShell = (call: string, args?: unknown) => answerBridgeCall(inShell, call, args, onUnexpectedError);
  expect(await askShell('openWindow')).toEqual({ ok: true, value: true });
  expect(await askShell('getDesktop')).toEqual({ ok: true, value: desktop });
  expect(await askShell('restartAudio')).toEqual({ ok: true, value: true });
  expect(await askShell('openMicrophoneSettings')).toEqual({ ok: true, value: true });
  expect(await askShell('chooseSaveFolder')).toEqual({ ok: true, value: false });
  expect(await askShell('stepUpdate', 'erase')).toMatchObject({ ok: false, error: { code: 'bad_arguments' } });
  expect(await askShell('stepUpdate', 'install')).toEqual({ ok: true, value: undefined });
  expect(stepUpdate.mock.calls).toEqual([['install']]);
});
