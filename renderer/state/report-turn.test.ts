import { expect, test, vi } from 'vitest';
import type { TurnReport } from '../../shared/bridge.ts';
import { fakeClient } from '../testing/fakes.ts';
import { trackOpenTurn } from './open-turn.ts';
import { reportTurn } from './report-turn.ts';
import { createVoiceStore } from './voice-store.ts';

test('H63 each change of what would be lost with the window is reported to the desktop app', () => {
  const { client, show } = fakeClient();
  const voice = createVoiceStore(client);
  const kept = new Map<string, string>();
  const sessionStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const note = trackOpenTurn(voice, { sessionStorage });
  const received = vi.fn(async (_turn: TurnReport) => undefined);
  const listeners = new Set<() => void>();
  let isOffered = false;
  const unsaved = {
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  reportTurn({
    bridge: { reportTurn: received },
    stores: [voice, unsaved],
    phase: note.phase,
    holdsAudio: () => isOffered,
  });
  const reports = () => received.mock.calls.flat();

  show({ view: 'connecting' });
  expect(reports()).toEqual([]);
  show({ view: 'listening', sessionId: 's1', micLive: true });
  show({ view: 'listening', listeningSince: 1 });
  show({ view: 'reconnecting' });
  show({ view: 'listening' });
  show({ view: 'stopping' });
  show({ view: 'idle' });
  expect(reports()).toEqual(['listening', 'undelivered', 'listening', 'undelivered', 'none']);

  received.mockClear();
  // Undelivered audio stays in the page until it is saved as a file, also during another turn.
  isOffered = true;
  for (const listener of listeners) listener();
  show({ view: 'listening', sessionId: 's2' });
  isOffered = false;
  for (const listener of listeners) listener();
  expect(reports()).toEqual(['undelivered', 'listening']);
});
