import { expect, test, vi } from 'vitest';
import type { RecordingInfo } from '../../shared/recording.ts';
import { fakeBridge, fakeClient, recording } from '../testing/fakes.ts';
import { createCancelledTurns } from './cancelled-turns.ts';
import { createVoiceStore } from './voice-store.ts';

function setup() {
  const { bridge, emit } = fakeBridge();
  const { client, show } = fakeClient();
  const voice = createVoiceStore(client);
  const remove = vi.fn(async (_ids: readonly string[]) => undefined);
  const own: RecordingInfo[] = [];
  const cancelled = createCancelledTurns({ bridge, voice, saved: () => own, remove });
  const save = (id: string, session_id: string) => {
    const info = recording({ id, session_id });
    own.push(info);
    emit('onRecordingSaved', info);
  };
  return { show, save, cancelled, removed: () => remove.mock.calls.flat(2) };
}

test('the recording of a cancelled turn is deleted once it is saved, those of other turns and windows are not', () => {
  const { show, save, cancelled, removed } = setup();
  show({ view: 'listening', sessionId: 's1' });
  show({ view: 'idle' });
  save('first', 's1');
  show({ view: 'connecting' });
  show({ view: 'listening', sessionId: 's2' });
  cancelled.cancel();
  show({ view: 'stopping' });
  expect(removed()).toEqual([]);
  save('second', 's2');
  save('of another window', 'other');
  show({ view: 'idle' });
  show({ view: 'connecting' });
  show({ view: 'listening', sessionId: 's3' });
  show({ view: 'idle' });
  save('third', 's3');
  expect(removed()).toEqual(['second']);
});

test('a turn that is cancelled before it has a session, or gets another one later, is deleted as a whole', () => {
  const { show, save, cancelled, removed } = setup();
  show({ view: 'connecting' });
  cancelled.cancel();
  show({ view: 'stopping' });
  show({ sessionId: 's1' });
  save('a', 's1');
  show({ sessionId: 's2' });
  save('b', 's2');
  expect(removed()).toEqual(['a', 'b']);
});

test('a part of the turn that was saved before is deleted at once', () => {
  const { show, save, cancelled, removed } = setup();
  show({ view: 'listening', sessionId: 's1' });
  show({ view: 'reconnecting' });
  save('a', 's1');
  show({ view: 'listening', sessionId: 's2' });
  cancelled.cancel();
  expect(removed()).toEqual(['a']);
  save('b', 's2');
  expect(removed()).toEqual(['a', 'b']);
});

test('a session that a cancelled turn gets while the next one is captured does not affect the next one', () => {
  const { show, save, cancelled, removed } = setup();
  show({ view: 'reconnecting' });
  cancelled.cancel();
  show({ view: 'stopping' });
  show({ view: 'reconnecting', turnsWaiting: 1 });
  show({ sessionId: 's1' });
  show({ view: 'listening', sessionId: 's2', turnsWaiting: 0 });
  save('cancelled', 's1');
  save('next', 's2');
  expect(removed()).toEqual(['cancelled']);
});

test('nothing is deleted after the page has ended', () => {
  const { show, save, cancelled, removed } = setup();
  show({ view: 'listening', sessionId: 's1' });
  cancelled.cancel();
  cancelled.dispose();
  save('a', 's1');
  expect(removed()).toEqual([]);
});
