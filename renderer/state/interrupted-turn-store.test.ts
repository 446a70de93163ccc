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

test('a page that said good-bye was reloaded or left; one that did not has crashed, also where it is reloaded after that', () => {
  expect(interruptionOf({ ...TURN, left: true }, true)?.by).toBe('reloaded');
  expect(interruptionOf({ ...TURN, left: true }, false)?.by).toBe('left');
  expect(interruptionOf(TURN, true)?.by).toBe('crashed');
  expect(interruptionOf(TURN, false)?.by).toBe('crashed');
});

test('where the turn stood is told from the start, before the host has answered', () => {
  expect(interruptionOf(TURN, true)).toEqual({ by: 'crashed', phase: 'stopping', result: 'pending' });
});

test('no turn was left open: there is nothing to tell of', () => {
  expect(interruptionOf(null, true)).toBeNull();
});
