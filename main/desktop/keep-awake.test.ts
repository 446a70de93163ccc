import { beforeEach, expect, test, vi } from 'vitest';
import { createActiveTurns } from '../host/active-turns.ts';
import { powerSaveBlocker, resetFake } from '../testing/fake-electron.ts';
import type { TurnStart } from '../voice/turn-sink.ts';
import { keepAwake } from './keep-awake.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));
beforeEach(resetFake);

const recorder = {
  write: () => true,
  gap: () => true,
  microphone: () => undefined,
  pause: () => undefined,
  finish: async () => null,
};
const turn: TurnStart = { sessionId: 's', userId: 'me', turn: 1, startedAt: new Date(0) };

test('one blocker keeps the machine awake from the first turn to the end of the last', () => {
  const listening = createActiveTurns({ begin: () => recorder });
  keepAwake(listening);
  const kinds = () => [...powerSaveBlocker.started.values()];
  expect(kinds()).toEqual([]);
  for (let round = 0; round < 3; round++) {
    const first = listening.sink.begin(turn);
    const second = listening.sink.begin(turn);
    expect(kinds()).toEqual(['prevent-app-suspension']);
    void first.finish();
    expect(kinds()).toEqual(['prevent-app-suspension']);
    void second.finish();
    expect(kinds()).toEqual([]);
  }
});
