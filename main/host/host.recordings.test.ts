import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BRIDGE_CALLS, BRIDGE_EVENTS, type BridgeEventName, type BridgeNotify } from '../../shared/bridge.ts';
import { textOf } from '../../shared/log-line.ts';
import { RETENTION_DEFAULTS } from '../../shared/retention.ts';
import { infoText } from '../recordings/list-recordings.ts';
import { idAt, wavOf } from '../testing/library-rig.ts';
import { answerBridgeCall } from './bridge-handlers.ts';
import { type Host, startHost } from './host.ts';

// The calls that list and change recordings, as a window makes them.

let dataDir: string;
let hosts: Host[] = [];
const events: [name: BridgeEventName, payload: unknown][] = [];
beforeEach(async () => {
  events.length = 0;
  dataDir = await fs.mkdtemp(join(tmpdir(), 'earshot-host-recordings-'));
  await fs.mkdir(join(dataDir, 'recordings'), { mode: 0o700 });
  for (let i = 0; i < 3; i++) await write(i);
});
afterEach(async () => {
  await Promise.all(hosts.map((host) => host.stop()));
  hosts = [];
  await fs.rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
});

async function start(): Promise<Host> {
  const host = await startHost({ dataDir, origin: 'earshot://app', version: '1.2.3', shell: 'desktop' });
  hosts.push(host);
  const note: BridgeNotify = (name, payload) => void events.push([name, payload]);
  host.subscribe(note);
  return host;
}

/** Writes a recording of 1 s. */
async function write(number: number): Promise<void> {
  const { id, started_at } = idAt(number);
  const facts = { session_id: 's', user_id: 'me', turn: 1, started_at, duration_s: 1, gaps: [], complete: true };
  const info = { id, ...facts, peak_dbfs: -6, rms_dbfs: -20 };
  const path = join(dataDir, 'recordings', id);
  await fs.writeFile(`${path}.wav`, wavOf(new Int16Array(16_000).fill(16_384)), { mode: 0o600 });
  await fs.writeFile(`${path}.json`, infoText(info), { mode: 0o600 });
}

/** Makes a call as a window does, and checks its result against the schema. */
async function ask(host: Host, call: keyof typeof BRIDGE_CALLS, args: unknown): Promise<unknown> {
  const answer = await answerBridgeCall(host.handlers, call, args, (_name, error) => {
    throw error;
  });
  if (!answer.ok) return answer.error;
  expect(BRIDGE_CALLS[call].result.parse(answer.value)).toEqual(answer.value);
  return answer.value;
}

/** The events of a name, each checked against its schema. */
function sent(name: BridgeEventName): unknown[] {
  const payloads = events.flatMap(([event, payload]) => (event === name ? [payload] : []));
  for (const payload of payloads) expect(BRIDGE_EVENTS[name].parse(payload)).toEqual(payload);
  return payloads;
}

async function logged(host: Host, event: string): Promise<string[]> {
  await vi.waitFor(async () =>
    expect((await host.handlers.getLogHistory()).map((line) => line.event)).toContain(event),
  );
  return (await host.handlers.getLogHistory()).flatMap((line) => (line.event === event ? [textOf(line)] : []));
}

test('a window pages, describes, trims, deletes and restores; every window is told, and the log has a line', async () => {
  const host = await start();
  const id = idAt(2).id;
  const first = await ask(host, 'listRecordings', { limit: 2 });
  expect(first).toMatchObject({ recordings: [{ id }, { id: idAt(1).id }], total: 3, next: expect.any(String) });
  const { next } = first as { next: string };
  expect(await ask(host, 'listRecordings', { limit: 2, after: next })).toMatchObject({ next: null });

  expect(await ask(host, 'describeRecording', { id, title: 'Plan' })).toMatchObject({ title: 'Plan' });
  expect(await ask(host, 'getWaveform', { id, buckets: 4 })).toEqual({ peaks: [128, 128, 128, 128] });
  expect(await fs.readdir(join(dataDir, 'cache', 'waveforms'))).toEqual([`${id}.json`]);
  const part = await ask(host, 'trimRecording', { id, start_s: 0, end_s: 0.5 });
  expect(part).toMatchObject({ id: `${id}-2`, duration_s: 0.5, title: 'Plan' });
  expect(sent('onRecordingChanged')).toMatchObject([{ id, title: 'Plan' }, { id: `${id}-2` }]);
  expect(await logged(host, 'RECORDING_TRIMMED')).toEqual([expect.stringContaining(`recording=${id}-2 | seconds=0.5`)]);

  expect(await ask(host, 'deleteRecordings', { ids: [id, idAt(9).id] })).toMatchObject({
    done: [id],
    failed: [{ id: idAt(9).id, code: 'no_such_recording' }],
  });
  expect(sent('onRecordingsRemoved')).toEqual([{ ids: [id], why: 'deleted' }]);
  expect(await ask(host, 'getRecordingUrl', { id })).toMatchObject({ code: 'no_such_recording' });
  expect(await ask(host, 'restoreRecordings', { ids: [id] })).toEqual({ done: [id], failed: [] });
  expect(await logged(host, 'RECORDINGS_DELETED')).toEqual([expect.stringContaining('recordings=1')]);
  expect(await logged(host, 'RECORDINGS_RESTORED')).toEqual([expect.stringContaining('recordings=1')]);
});

test('arguments outside their limits are refused, and nothing happens', async () => {
  const host = await start();
  const { id } = idAt(1);
  for (const [call, args] of [
    ['listRecordings', { limit: 0 }],
    ['listRecordings', { limit: 501 }],
    ['listRecordings', { limit: 1, after: 'x'.repeat(201) }],
    ['describeRecording', { id, title: 'x'.repeat(301) }],
    ['describeRecording', { id, note: 'x'.repeat(10_001) }],
    ['describeRecording', { id: '../settings', title: 'x' }],
    ['deleteRecordings', { ids: [] }],
    ['deleteRecordings', { ids: Array(1_001).fill(id) }],
    ['restoreRecordings', { ids: ['../settings'] }],
    ['getWaveform', { id, buckets: 1_001 }],
    ['getWaveform', { id, buckets: 0.5 }],
    ['previewRetention', { policy: { ...RETENTION_DEFAULTS, retention_days: 0 } }],
    ['trimRecording', { id, start_s: -1, end_s: 1 }],
    ['trimRecording', { id, start_s: 0, end_s: Number.NaN }],
  ] as const)
    expect(await ask(host, call, args), call).toMatchObject({ code: 'bad_arguments' });
  expect(await ask(host, 'listRecordings', { limit: 500 })).toMatchObject({ total: 3 });
});

test('a retention that was chosen applies at the next start; before, a preview says what it deletes', async () => {
  const host = await start();
  const policy = { ...RETENTION_DEFAULTS, retention: 'number', retention_number: 1 };
  expect(await ask(host, 'previewRetention', { policy })).toEqual({
    recordings: 2,
    duration_s: 2,
    bytes: 2 * 32_044,
    oldest: idAt(0).started_at,
    newest: idAt(1).started_at,
  });
  await ask(host, 'changeSettings', { retention: 'number', retention_number: 1 });
  expect(await ask(host, 'listRecordings', { limit: 10 })).toMatchObject({ total: 3 });
  await host.stop();
  const next = await start();
  expect(await logged(next, 'RECORDINGS_EXPIRED')).toEqual([
    '🗑️ Deleted 2 recordings (2 s, 0.1 MB) from 2026-11-01T00:00:00.000Z to 2026-11-01T00:01:00.000Z, as the settings say',
  ]);
  expect(sent('onRecordingsRemoved')).toEqual([{ ids: [idAt(1).id, idAt(0).id], why: 'expired' }]);
  expect(await ask(next, 'listRecordings', { limit: 10 })).toMatchObject({
    recordings: [{ id: idAt(2).id }],
    total: 1,
  });
});

test('a changed setting is logged by its name only once, also after other changes', async () => {
  const host = await start();
  await ask(host, 'changeSettings', { retention: 'days', retention_days: 7 });
  await ask(host, 'changeSettings', { theme: 'dark' });
  await vi.waitFor(async () => expect(await logged(host, 'SETTINGS_CHANGED')).toHaveLength(2));
  expect(await logged(host, 'SETTINGS_CHANGED')).toEqual([
    expect.stringMatching(/names=retention,retention_days$/),
    expect.stringMatching(/names=theme$/),
  ]);
});
