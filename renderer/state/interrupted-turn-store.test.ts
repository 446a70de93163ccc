import { expect, test } from 'vitest';
import { fakeClient } from '../testing/fakes.ts';
import { createInterruptedTurnStore } from './interrupted-turn-store.ts';
import type { OpenTurn } from './open-turn.ts';
import { createVoiceStore } from './voice-store.ts';

const TURN: OpenTurn = { session_ids: ['s1'], phase: 'stopping', left: false };

function interruptionOf(turn: OpenTurn | null, reloaded: boolean) {
  const store = createInterruptedTurnStore({
    bridge: { endInterruptedTurn: async () => ({ state: 'ended', recordings: [], failure: null }) },
    voice: createVoiceStore(fakeClient().client),
    turn,
    reloaded,
    forget: () => undefined,
  });
  return store.getState().interruption;
}

test('a page that ended normally was reloaded or left; any other crashed, even if it is then reloaded', () => {
  expect(interruptionOf({ ...TURN, left: true }, true)?.by).toBe('reloaded');
  expect(interruptionOf({ ...TURN, left: true }, false)?.by).toBe('left');
  expect(interruptionOf(TURN, true)?.by).toBe('crashed');
  expect(interruptionOf(TURN, false)?.by).toBe('crashed');
});

test('the phase of the turn is available before the host answers', () => {
  expect(interruptionOf(TURN, true)).toEqual({ by: 'crashed', phase: 'stopping', result: 'pending' });
});

test('without an open turn there is no interruption', () => {
  expect(interruptionOf(null, true)).toBeNull();
});
