import { expect, test } from 'vitest';
import { fakeBridge, fakeClient, recording } from '../testing/fakes.ts';
import { createRecordingsStore, MAX_RECENT, ofThisTurn } from './recordings-store.ts';
import { createVoiceStore } from './voice-store.ts';

function setUp(calls: Parameters<typeof fakeBridge>[0] = {}) {
  const { bridge, tell } = fakeBridge(calls);
  const { client, show } = fakeClient();
  const voice = createVoiceStore(client);
  return { recordings: createRecordingsStore(bridge, voice), tell, show };
}

test("H26 a window keeps its own sessions' recordings and not those of other windows", () => {
  const { recordings, tell, show } = setUp();
  show({ view: 'listening', sessionId: 's1' });
  tell('onRecordingSaved', recording({ id: 'other', session_id: 's2' }));
  tell('onRecordingSaved', recording({ id: 'mine' }));
  tell('onRecordingSaved', recording({ id: 'mine', complete: false }));
  expect(recordings.getState().own.map(({ id, complete }) => [id, complete])).toEqual([['mine', false]]);
});

test('recordings that are told twice, as after a broken bridge, stay one each and where they were', async () => {
  const { recordings, tell, show } = setUp();
  show({ view: 'listening', sessionId: 's1' });
  await recordings.loadRecent();
  for (const id of ['one', 'two', 'one', 'two', 'one']) tell('onRecordingSaved', recording({ id }));
  expect(recordings.getState().own.map(({ id }) => id)).toEqual(['one', 'two']);
  expect(recordings.getState().recent?.map(({ id }) => id)).toEqual(['two', 'one']);
});

test('disposed, it lets go of the bridge', () => {
  const { recordings, tell, show } = setUp();
  show({ view: 'listening', sessionId: 's1' });
  recordings.dispose();
  tell('onRecordingSaved', recording());
  tell('onRecordingFailed', { session_id: 's1', code: 'disk_full', message: 'Full.' });
  expect(recordings.getState()).toMatchObject({ own: [], failure: null });
});

test('a failure of the recording, or of its description alone, ends what was said of a delay', () => {
  const { recordings, tell, show } = setUp();
  show({ view: 'listening', sessionId: 's1' });
  const delay = { session_id: 's1', message: 'The disk is full.' };
  tell('onRecordingDelayed', delay);
  tell('onRecordingFailed', { session_id: 's2', code: 'disk_full', message: 'Another window.' });
  expect(recordings.getState()).toMatchObject({ failure: null, delay: 'The disk is full.' });
  tell('onRecordingFailed', { session_id: 's1', code: 'disk_full', message: 'Full.' });
  expect(recordings.getState()).toMatchObject({ failure: { saved: false, message: 'Full.' }, delay: null });
  tell('onRecordingDelayed', delay);
  tell('onDescriptionMissing', { session_id: 's1', code: 'description_not_written', message: 'No JSON.' });
  expect(recordings.getState()).toMatchObject({ failure: { saved: true, message: 'No JSON.' }, delay: null });
});

test('a recording that is told as saved is on the disk, also where the end of its delay was not heard', () => {
  const { recordings, tell, show } = setUp();
  show({ view: 'listening', sessionId: 's1' });
  tell('onRecordingDelayed', { session_id: 's1', message: 'The disk is full.' });
  tell('onRecordingSaved', recording({ id: 'mine' }));
  expect(recordings.getState().delay).toBeNull();
});

test('a turn is all recordings since the press, however many sessions it took', () => {
  const at = (ms: number) => new Date(ms).toISOString();
  const own = [
    recording({ id: 'before', started_at: at(999) }),
    recording({ id: 'first', started_at: at(1000) }),
    recording({ id: 'second', session_id: 's2', started_at: at(4000) }),
  ];
  expect(ofThisTurn(own, 1000).map(({ id }) => id)).toEqual(['first', 'second']);
  expect(ofThisTurn(own, null)).toEqual([]);
});

test('the recent ones are listed when asked for, bounded, and renewed by what is saved', async () => {
  const many = Array.from({ length: 50 }, (_, i) => recording({ id: `r${i}` }));
  const { recordings, tell } = setUp({ listRecordings: async () => many });
  expect(recordings.getState().recent).toBeNull();
  await recordings.loadRecent();
  tell('onRecordingSaved', recording({ id: 'new' }));
  const { recent } = recordings.getState();
  expect(recent).toHaveLength(MAX_RECENT);
  expect(recent?.slice(0, 2).map(({ id }) => id)).toEqual(['new', 'r0']);
});

test('a list that can not be had is a sentence, and gone after the next try', async () => {
  let broken = true;
  const { recordings } = setUp({
    listRecordings: async () => {
      if (broken) throw new Error('no');
      return [];
    },
  });
  await recordings.loadRecent();
  expect(recordings.getState().error).toBe('The recordings could not be listed.');
  broken = false;
  await recordings.loadRecent();
  expect(recordings.getState()).toMatchObject({ error: null, recent: [] });
});
