import { afterEach, expect, test, vi } from 'vitest';
import { createLink } from '../bridge/link.ts';
import { fakeBridge, fakeClient, page, recording } from '../testing/fakes.ts';
import { createRecordingsStore, ofThisTurn } from './recordings-store.ts';
import { createVoiceStore } from './voice-store.ts';

function setUp(calls: Parameters<typeof fakeBridge>[0] = {}) {
  const { bridge, emit } = fakeBridge(calls);
  const { client, show } = fakeClient();
  const voice = createVoiceStore(client);
  const link = createLink();
  return { recordings: createRecordingsStore(bridge, voice, link), emit, show, link, voice };
}
afterEach(() => {
  vi.useRealTimers();
});

test("H26 a window keeps its own sessions' recordings only", () => {
  const { recordings, emit, show } = setUp();
  show({ view: 'listening', sessionId: 's1' });
  emit('onRecordingSaved', recording({ id: 'other', session_id: 's2' }));
  emit('onRecordingSaved', recording({ id: 'mine' }));
  emit('onRecordingSaved', recording({ id: 'mine', complete: false }));
  expect(recordings.getState().own.map(({ id, complete }) => [id, complete])).toEqual([['mine', false]]);
});

test('recordings reported twice, as after a broken connection, stay in place without duplicates', () => {
  const { recordings, emit, show } = setUp();
  show({ view: 'listening', sessionId: 's1' });
  for (const id of ['one', 'two', 'one', 'two', 'one']) emit('onRecordingSaved', recording({ id }));
  expect(recordings.getState().own.map(({ id }) => id)).toEqual(['one', 'two']);
});

test('dispose unsubscribes from the bridge', () => {
  const { recordings, emit, show } = setUp();
  show({ view: 'listening', sessionId: 's1' });
  recordings.dispose();
  emit('onRecordingSaved', recording());
  emit('onRecordingFailed', { session_id: 's1', code: 'disk_full', message: 'Full.' });
  expect(recordings.getState()).toMatchObject({ own: [], failure: null });
});

test('a failure of the recording, or of its details only, ends its delay', () => {
  const { recordings, emit, show } = setUp();
  show({ view: 'listening', sessionId: 's1' });
  const delay = { session_id: 's1', message: 'The disk is full.' };
  emit('onRecordingDelayed', delay);
  emit('onRecordingFailed', { session_id: 's2', code: 'disk_full', message: 'Another window.' });
  expect(recordings.getState()).toMatchObject({ failure: null, delay: 'The disk is full.' });
  emit('onRecordingFailed', { session_id: 's1', code: 'disk_full', message: 'Full.' });
  expect(recordings.getState()).toMatchObject({ failure: { saved: false, message: 'Full.' }, delay: null });
  emit('onRecordingDelayed', delay);
  emit('onDescriptionMissing', { session_id: 's1', code: 'description_not_written', message: 'No JSON.' });
  expect(recordings.getState()).toMatchObject({ failure: { saved: true, message: 'No JSON.' }, delay: null });
});

test('the end of one turn’s delay does not end another turn’s', () => {
  const { recordings, emit, show } = setUp();
  const delay = () => recordings.getState().delay;
  for (const session_id of ['s1', 's2', 's3', 's4']) {
    show({ view: 'listening', sessionId: session_id });
    show({ view: 'idle' });
    emit('onRecordingDelayed', { session_id, message: session_id });
  }
  emit('onRecordingFailed', { session_id: 's1', code: 'disk_full', message: 'Full.' });
  expect(delay()).toBe('s4');
  emit('onRecordingSaved', recording({ session_id: 's4' }));
  expect(delay()).toBe('s3');
  emit('onRecordingDiscarded', { session_id: 's2', turn: 1, duration_s: 0.1 });
  expect(delay()).toBe('s3');
  emit('onRecordingDelayed', { session_id: 's3', message: null });
  expect(delay()).toBeNull();
});

test('a saved recording ends its delay, even if the end of the delay was not received', () => {
  const { recordings, emit, show } = setUp();
  show({ view: 'listening', sessionId: 's1' });
  emit('onRecordingDelayed', { session_id: 's1', message: 'The disk is full.' });
  emit('onRecordingSaved', recording({ id: 'mine' }));
  expect(recordings.getState().delay).toBeNull();
});

test('a turn has the recordings of all its sessions', () => {
  const own = [
    recording({ id: 'before', session_id: 's0' }),
    recording({ id: 'first', session_id: 's1' }),
    recording({ id: 'second', session_id: 's2' }),
  ];
  expect(ofThisTurn(own, ['s1', 's2']).map(({ id }) => id)).toEqual(['first', 'second']);
  expect(ofThisTurn(own, [])).toEqual([]);
});

test.each([
  ['forward', 3_600_000],
  ['back', -3_600_000],
])('H60 with the wall clock set %s by an hour, a turn has its own recordings only', (_, step) => {
  vi.useFakeTimers();
  const { recordings, emit, show, voice } = setUp();
  const thisTurn = () =>
    ofThisTurn(recordings.getState().own, voice.getState().turnSessions).map(({ session_id }) => session_id);
  const setClock = () => vi.setSystemTime(Date.now() + step);
  for (const session_id of ['s1', 's2', 's3']) {
    // The clock is set while idle, while listening, and before the recording is saved.
    setClock();
    show({ view: 'connecting', sessionId: null });
    const started_at = new Date().toISOString();
    show({ view: 'listening', sessionId: session_id });
    setClock();
    show({ view: 'idle' });
    setClock();
    emit('onRecordingSaved', recording({ id: session_id, session_id, started_at }));
    expect(thisTurn()).toEqual([session_id]);
  }
});

test('complete recordings of own sessions, saved while the host was not connected, are added when it is back', async () => {
  const list = [
    recording({ id: 'running', session_id: 's1', complete: false, being_written: true }),
    recording({ id: 'second', session_id: 's1' }),
    recording({ id: 'first', session_id: 's1' }),
    recording({ id: 'foreign', session_id: 's9' }),
    recording({ id: 'part', session_id: 's1', trimmed_from: { id: 'first', start_s: 0, end_s: 1 } }),
  ];
  const listRecordings = vi.fn(async () => page(list));
  const { recordings, show, link } = setUp({ listRecordings });
  show({ view: 'listening', sessionId: 's1' });
  link.set('down');
  link.set('unreachable');
  expect(listRecordings).not.toHaveBeenCalled();
  link.set('up');
  await vi.waitFor(() => expect(recordings.getState().own.map(({ id }) => id)).toEqual(['first', 'second']));
});

test('a failed request when the host is back changes nothing', async () => {
  const { recordings, show, link, emit } = setUp({ listRecordings: () => Promise.reject(new Error('gone again')) });
  show({ view: 'listening', sessionId: 's1' });
  emit('onRecordingSaved', recording());
  link.set('down');
  link.set('up');
  await vi.waitFor(() => expect(link.state()).toBe('up'));
  expect(recordings.getState()).toMatchObject({ own: [{ id: 'rec-1' }] });
});

test('a turn that was too short is reported in its own window', () => {
  const { recordings, emit, show } = setUp();
  show({ view: 'listening', sessionId: 's1' });
  emit('onRecordingDiscarded', { session_id: 's2', turn: 1, duration_s: 0.1 });
  expect(recordings.getState().discarded).toBeNull();
  emit('onRecordingDiscarded', { session_id: 's1', turn: 1, duration_s: 0.2 });
  expect(recordings.getState().discarded).toEqual({ session_id: 's1', turn: 1, duration_s: 0.2 });
});

test('a new title reaches the recording of this turn, and a deleted one disappears', () => {
  const { recordings, emit, show } = setUp();
  show({ view: 'listening', sessionId: 's1' });
  emit('onRecordingSaved', recording({ id: 'one' }));
  emit('onRecordingSaved', recording({ id: 'two' }));
  emit('onRecordingChanged', recording({ id: 'one', title: 'New' }));
  emit('onRecordingChanged', recording({ id: 'earlier' }));
  expect(recordings.getState().own.map(({ id, title }) => [id, title])).toEqual([
    ['one', 'New'],
    ['two', undefined],
  ]);
  emit('onRecordingsRemoved', { ids: ['one', 'other'], why: 'deleted' });
  expect(recordings.getState().own.map(({ id }) => id)).toEqual(['two']);
});
