import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  BRIDGE_CALLS,
  BRIDGE_EVENTS,
  type BridgeCallName,
  type BridgeEventName,
  MAX_LOG_BATCH,
  MAX_TURN_SESSIONS,
} from './bridge.ts';
import type { DesktopState } from './desktop.ts';
import type { Health } from './health.ts';
import type { LogDraft } from './log-event.ts';
import { RETENTION_DEFAULTS } from './retention.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

const draft: LogDraft = { time: 1, side: 'client', event: 'PRESS', fields: { doing: 'start' }, window: 'abcd2345' };
const record = {
  seq: 1,
  time: 1,
  side: 'client',
  level: 'info',
  event: 'WS_CONNECTED',
  fields: { session: 's', attempt: 1, resumed: false },
  window: 'abcd2345',
};
const recording = {
  id: 'r-1',
  session_id: 's',
  user_id: 'ada',
  turn: 1,
  started_at: '2026-01-01T00:00:00.000Z',
  duration_s: 1.5,
  gaps: [{ at_s: 0.5, seconds: 0.02 }],
  peak_dbfs: null,
  rms_dbfs: -20.5,
  complete: true,
};
const address = { url: 'ws://127.0.0.1:1/ws/voice', token: 't', accepting: true };

const health: Health = {
  recent: {
    connections: 2,
    success_rate: 1,
    retry_rate: 0.5,
    establishment_ms: { p50: 1.5, p95: 301, p99: 301 },
    histogram: [
      { up_to_ms: 2, count: 1 },
      { up_to_ms: null, count: 1 },
    ],
  },
  warning: false,
  totals: {
    attempts: 3,
    refused: 1,
    welcomes: [1, 1, 0],
    aborted: 1,
    failed: 0,
    resumed: 0,
    expired: 0,
    frames: 500,
    missing: 0,
    duplicates: 0,
    dropped: 0,
  },
  resume_ms: null,
  settle_delay_ms: 0,
  event_loop_delay_ms: null,
};

const desktop: DesktopState = {
  shortcut: 'refused',
  login: 'unsupported',
  update: { state: 'downloading', version: '1.2.4', percent: 12.5 },
  why_no_updates: null,
};

/** A valid pair for each call. A call without one fails here, so that no call is untested. */
const GOOD_CALLS: Record<BridgeCallName, { args: unknown; result: unknown }> = {
  getAppInfo: {
    args: undefined,
    result: { version: '1', shell: 'tab', platform: 'linux', data_dir: '/x', system: null },
  },
  getVoiceAddress: { args: undefined, result: address },
  getSettings: { args: undefined, result: DEFAULT_SETTINGS },
  takeSettingsProblem: { args: undefined, result: { problem: { kind: 'newer', file: '/x/settings.json.newer-1' } } },
  changeSettings: { args: { theme: 'dark' }, result: DEFAULT_SETTINGS },
  appendLog: { args: [draft], result: undefined },
  getLogHistory: { args: undefined, result: [record] },
  showLogFile: { args: undefined, result: { path: '/data/logs/earshot.log' } },
  listRecordings: { args: { limit: 1, after: 'r-2 2026' }, result: { recordings: [recording], next: null, total: 1 } },
  describeRecording: { args: { id: 'r-1', title: 'Plan', note: '' }, result: { ...recording, title: 'Plan' } },
  deleteRecordings: {
    args: { ids: ['r-1', 'r-2'] },
    result: { done: ['r-1'], failed: [{ id: 'r-2', code: 'no_such_recording', message: 'It is gone.' }] },
  },
  restoreRecordings: { args: { ids: ['r-1'] }, result: { done: ['r-1'], failed: [] } },
  getWaveform: { args: { id: 'r-1', buckets: 3 }, result: { peaks: [0, 255, 7] } },
  getRecordingsFolder: {
    args: undefined,
    result: { path: '/data/recordings', is_default: true, present: true, move: null, error: null },
  },
  openRecordingsFolder: { args: undefined, result: true },
  chooseRecordingsFolder: { args: undefined, result: true },
  useDefaultRecordingsFolder: { args: undefined, result: undefined },
  cancelRecordingsMove: { args: undefined, result: undefined },
  previewRetention: {
    args: { policy: RETENTION_DEFAULTS },
    result: {
      recordings: 1,
      duration_s: 1.5,
      bytes: 48_044,
      oldest: recording.started_at,
      newest: recording.started_at,
    },
  },
  trimRecording: {
    args: { id: 'r-1', start_s: 0.5, end_s: 1 },
    result: { ...recording, id: 'r-1-2', trimmed_from: { id: 'r-1', start_s: 0.5, end_s: 1 } },
  },
  getRecordingUrl: { args: { id: 'r-1' }, result: { url: `recordings/${'s'.repeat(43)}/r-1.wav` } },
  showRecording: { args: { id: 'r-1' }, result: { path: '/data/recordings/r-1.wav' } },
  dragRecordings: { args: { ids: ['r-1', 'r-2'] }, result: undefined },
  chooseSaveFolder: { args: undefined, result: true },
  saveNextToFolder: { args: undefined, result: undefined },
  cancelDownload: { args: { download: 1 }, result: undefined },
  showDownload: { args: { download: 1 }, result: undefined },
  beginImport: { args: { name: 'talk.mp3' }, result: { id: 'i'.repeat(43), url: `imports/${'i'.repeat(43)}` } },
  finishImport: { args: { id: 'i'.repeat(43) }, result: { ...recording, imported_from: 'talk.mp3' } },
  cancelImport: { args: { id: 'i'.repeat(43) }, result: undefined },
  endInterruptedTurn: {
    args: { session_ids: ['s'] },
    result: { state: 'ended', recordings: [recording], failure: null },
  },
  reportTurn: { args: 'listening', result: undefined },
  reportTalk: { args: { talk: 'recording', seconds: 1.5 }, result: undefined },
  reportLevel: { args: -20.5, result: undefined },
  reportStatus: {
    args: { request: 1, state: 'listening', seconds: 1.5, session: 's', level_dbfs: -20.5 },
    result: undefined,
  },
  getHealth: { args: undefined, result: health },
  watchHealth: { args: undefined, result: health },
  openWindow: { args: undefined, result: true },
  getDesktop: { args: undefined, result: desktop },
  getDefaultMicrophone: { args: undefined, result: { label: 'Built-in Microphone' } },
  restartAudio: { args: undefined, result: true },
  openMicrophoneSettings: { args: undefined, result: false },
  stepUpdate: { args: 'download', result: undefined },
};
const GOOD_EVENTS: Record<BridgeEventName, unknown> = {
  onLogRecords: [record],
  onVoiceAddress: { ...address, url: null },
  onRecordingSaved: recording,
  onRecordingChanged: { ...recording, title: 'Plan' },
  onRecordingsFolder: { path: '/data/recordings', is_default: true, present: true, move: null, error: null },
  onRecordingsRemoved: { ids: ['r-1'], why: 'expired' },
  onRecordingFailed: { session_id: 's', code: 'recording_failed', message: 'The disk is full.' },
  onDescriptionMissing: { session_id: 's', code: 'description_not_written', message: 'Check the folder.' },
  onRecordingDelayed: { session_id: 's', message: null },
  onRecordingDiscarded: { session_id: 's', turn: 1, duration_s: 0.2 },
  onSettings: DEFAULT_SETTINGS,
  onHealth: health,
  onDesktop: desktop,
  onMicCommand: 'toggle',
  onStatusRequest: 1,
  onLevelsWanted: true,
  onDownload: { download: 1, url: 'blob:x', name: 'Plan.flac', state: 'saved', message: null },
};

describe.each(Object.entries(BRIDGE_CALLS))('the call %s', (name, call) => {
  const good = GOOD_CALLS[name as BridgeCallName];

  test('has a schema for its arguments and one for its result', () => {
    expect(Object.keys(call).sort()).toEqual(['args', 'result']);
    expect(call.args).toBeInstanceOf(z.ZodType);
    expect(call.result).toBeInstanceOf(z.ZodType);
  });

  test('accepts valid arguments and results unchanged', () => {
    expect(call.args.parse(good.args)).toEqual(good.args);
    expect(call.result.parse(good.result)).toEqual(good.result);
  });

  test('rejects invalid arguments and results', () => {
    for (const wrong of [null, 'text', 7, [[]], { id: 7, theme: 7 }, { id: 'r/1', theme: 'loud' }]) {
      expect(call.args.safeParse(wrong).success, `args ${JSON.stringify(wrong)}`).toBe(false);
      expect(call.result.safeParse(wrong).success, `result ${JSON.stringify(wrong)}`).toBe(false);
    }
  });
});

describe.each(Object.entries(BRIDGE_EVENTS))('the event %s', (name, payload) => {
  test('accepts its payload unchanged, and rejects another', () => {
    const good = GOOD_EVENTS[name as BridgeEventName];
    expect(payload.parse(good)).toEqual(good);
    for (const wrong of [undefined, null, 'text', [7]]) expect(payload.safeParse(wrong).success).toBe(false);
  });
});

test('calls and events have distinct names, because both become members of one object', () => {
  const names = [...Object.keys(BRIDGE_CALLS), ...Object.keys(BRIDGE_EVENTS)];
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => name in {})).toEqual([]);
});

test('changeSettings receives only the given settings, without defaults for the rest', () => {
  expect(BRIDGE_CALLS.changeSettings.args.parse({})).toStrictEqual({});
  expect(BRIDGE_CALLS.changeSettings.args.parse({ user_id: 'ada' })).toStrictEqual({ user_id: 'ada' });
});

describe('appendLog', () => {
  const accepts = (drafts: unknown): boolean => BRIDGE_CALLS.appendLog.args.safeParse(drafts).success;

  test('accepts a full batch, but not one draft more', () => {
    expect(accepts(Array(MAX_LOG_BATCH).fill(draft))).toBe(true);
    expect(accepts(Array(MAX_LOG_BATCH + 1).fill(draft))).toBe(false);
  });

  test('accepts only events of the catalogue, no inherited names', () => {
    for (const event of ['NOT_AN_EVENT', 'constructor', '__proto__', '']) {
      expect(accepts([{ ...draft, event }]), event).toBe(false);
    }
  });

  test.each([
    ['a name that is not plain', { 'a b': 1 }],
    ['a name that breaks the line', { 'a\n': 1 }],
    ['a name in capitals', { Token: 1 }],
    ['a value that is no plain one', { a: { b: 1 } }],
    ['a value that is null', { a: null }],
    ['a value over 4,096 characters', { a: 'x'.repeat(4097) }],
    ['17 fields', Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`f${i}`, i]))],
  ])('refuses fields with %s', (_title, fields) => {
    expect(accepts([{ ...draft, fields }])).toBe(false);
  });
});

test('endInterruptedTurn accepts up to the maximum number of sessions, and ids only', () => {
  const accepts = (session_ids: unknown) => BRIDGE_CALLS.endInterruptedTurn.args.safeParse({ session_ids }).success;
  expect(accepts([])).toBe(true);
  expect(accepts(Array(MAX_TURN_SESSIONS).fill('s'))).toBe(true);
  expect(accepts(Array(MAX_TURN_SESSIONS + 1).fill('s'))).toBe(false);
  for (const id of ['', '../x', 'a b', 7]) expect(accepts([id])).toBe(false);
});

describe('getRecordingUrl', () => {
  const { args, result } = BRIDGE_CALLS.getRecordingUrl;

  test.each([
    ['a parent folder', '..'],
    ['a path', 'a/b'],
    ['a Windows path', 'a\\b'],
    ['an ending', 'r-1.wav'],
    ['a NUL', 'r-1\0'],
    ['a line break', 'r-1\n'],
    ['nothing', ''],
    ['129 characters', 'r'.repeat(129)],
  ])('refuses an id with %s', (_title, id) => {
    expect(args.safeParse({ id }).success).toBe(false);
  });

  const signature = 's'.repeat(43);
  test.each([
    ['elsewhere', `https://evil.example/recordings/${signature}/r-1.wav`],
    ['of another server', `//evil.example/recordings/${signature}/r-1.wav`],
    ['that is a script', `javascript:recordings/${signature}/r-1.wav`],
    ['in memory', `blob:recordings/${signature}/r-1.wav`],
    ['beside the recordings', `recordings/../${signature}/r-1.wav`],
    ['with a query', `recordings/${signature}/r-1.wav?x`],
    ['with a line break', `recordings/${signature}/r-1.wav\n`],
    ['without a signature', 'recordings/r-1.wav'],
    ['with a short signature', `recordings/${signature.slice(1)}/r-1.wav`],
    ['of another kind of file', `recordings/${signature}/r-1.html`],
  ])('accepts no address %s', (_title, url) => {
    expect(result.safeParse({ url }).success).toBe(false);
  });
});

test('the address of a server that is down has no URL, and has `accepting`', () => {
  const { result } = BRIDGE_CALLS.getVoiceAddress;
  expect(result.safeParse({ url: null, token: 't', accepting: false }).success).toBe(true);
  expect(result.safeParse({ url: null, token: 't' }).success).toBe(false);
  expect(result.safeParse({ token: 't', accepting: true }).success).toBe(false);
});

test('health values are counts and shares: none below zero, no share over one', () => {
  const { result } = BRIDGE_CALLS.getHealth;
  const accepts = (recent: object, totals: object = {}): boolean =>
    result.safeParse({
      ...health,
      recent: { ...health.recent, ...recent },
      totals: { ...health.totals, ...totals },
    }).success;
  expect(accepts({ success_rate: null, retry_rate: null, establishment_ms: null })).toBe(true);
  expect(accepts({ success_rate: 1.01 })).toBe(false);
  expect(accepts({ retry_rate: -0.01 })).toBe(false);
  expect(accepts({ connections: -1 })).toBe(false);
  expect(accepts({ connections: 0.5 })).toBe(false);
  expect(accepts({}, { welcomes: [1, 1] })).toBe(false);
  expect(accepts({}, { frames: Number.NaN })).toBe(false);
});
