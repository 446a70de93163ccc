import { describe, expect, test } from 'vitest';
import { MAX_TURN_SESSIONS } from '../../shared/bridge.ts';
import { fakeClient, IDLE } from '../testing/fakes.ts';
import type { VoiceSnapshot } from '../voice/voice-client.ts';
import { OPEN_TURN_KEY, phaseOf, readOpenTurn, type TurnStorage, trackOpenTurn } from './open-turn.ts';
import { createVoiceStore } from './voice-store.ts';

function fakeStorage(kept?: string) {
  const items = new Map<string, string>(kept === undefined ? [] : [[OPEN_TURN_KEY, kept]]);
  const storage: TurnStorage = {
    sessionStorage: {
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
      removeItem: (key) => void items.delete(key),
    },
  };
  return { storage, items };
}

/** A browser that forbids storage. */
const FORBIDDEN: TurnStorage = {
  get sessionStorage(): never {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  },
};

function setUp(kept?: string) {
  const { storage, items } = fakeStorage(kept);
  const { client, show } = fakeClient();
  const note = trackOpenTurn(createVoiceStore(client), storage);
  return { show, note, items, storedTurn: () => readOpenTurn(storage) };
}

describe('the phase of a turn', () => {
  test.each<[string, Partial<VoiceSnapshot>, boolean, string | null]>([
    ['idle', { view: 'idle' }, false, null],
    ['finished', { view: 'idle' }, true, null],
    ['connecting, before the microphone is open', { view: 'connecting' }, false, null],
    ['connecting, with the microphone open', { view: 'connecting', micLive: true }, false, 'waiting'],
    ['listening', { view: 'listening', micLive: true }, false, 'listening'],
    ['reconnecting', { view: 'reconnecting', micLive: true }, true, 'waiting'],
    ['reconnecting without a microphone', { view: 'reconnecting' }, true, 'waiting'],
    ['cancelled before any audio', { view: 'stopping' }, false, null],
    ['stopped, sending the last audio', { view: 'stopping' }, true, 'stopping'],
    ['stopped in an outage, waiting for a connection', { view: 'stopping', triesUntil: 9_000 }, true, 'waiting'],
    ['unplugged, sending the last audio', { view: 'error', sessionId: 's1' }, true, 'stopping'],
    ['unplugged, all saved', { view: 'error' }, true, null],
    ['unplugged in an outage before the first session', { view: 'error', finishing: 1 }, true, 'stopping'],
    ['failed before any audio', { view: 'error', sessionId: 's1' }, false, null],
  ])('%s', (_title, change, isOpen, phase) => {
    expect(phaseOf({ ...IDLE, ...change }, isOpen)).toBe(phase);
  });
});

describe('the stored open turn', () => {
  test('exists from the first audio until all of it is saved', () => {
    const { show, storedTurn, items, note } = setUp();
    show({ view: 'connecting' });
    expect([storedTurn(), note.isOpen()]).toEqual([null, false]);
    show({ micLive: true });
    expect([storedTurn(), note.isOpen()]).toEqual([{ session_ids: [], phase: 'waiting', left: false }, true]);
    show({ view: 'listening', sessionId: 's1' });
    expect(storedTurn()).toEqual({ session_ids: ['s1'], phase: 'listening', left: false });
    show({ view: 'reconnecting' });
    show({ view: 'listening', sessionId: 's2' });
    expect(storedTurn()).toEqual({ session_ids: ['s1', 's2'], phase: 'listening', left: false });
    show({ view: 'stopping', micLive: false });
    expect(storedTurn()).toEqual({ session_ids: ['s1', 's2'], phase: 'stopping', left: false });
    show({ view: 'idle', sessionId: null });
    expect([[...items], note.isOpen()]).toEqual([[], false]);
  });

  test('is replaced by the next turn', () => {
    const { show, storedTurn } = setUp();
    show({ view: 'listening', sessionId: 's1' });
    show({ view: 'idle', sessionId: null });
    show({ view: 'listening', sessionId: 's2' });
    expect(storedTurn()?.session_ids).toEqual(['s2']);
  });

  test('contains at most as many sessions as the host accepts, the newest ones', () => {
    const { show, storedTurn } = setUp();
    for (let i = 0; i <= MAX_TURN_SESSIONS; i++) show({ view: 'listening', sessionId: `s${i}` });
    expect(storedTurn()?.session_ids).toHaveLength(MAX_TURN_SESSIONS);
    expect(storedTurn()?.session_ids.at(-1)).toBe(`s${MAX_TURN_SESSIONS}`);
  });

  test('records a normal end of the page, whatever the client reports while it is disposed', () => {
    const { show, storedTurn, note } = setUp();
    show({ view: 'listening', sessionId: 's1' });
    note.leave();
    show({ view: 'idle', sessionId: null });
    expect(storedTurn()).toEqual({ session_ids: ['s1'], phase: 'listening', left: true });
  });

  test('is neither created nor changed by a page that ends without a turn', () => {
    const previous = JSON.stringify({ session_ids: ['s0'], phase: 'listening', left: false });
    const { note, items } = setUp(previous);
    note.leave();
    expect([...items.values()]).toEqual([previous]);
  });

  test('forget deletes the previous page’s turn, not this page’s', () => {
    const { note, items, show, storedTurn } = setUp('{"session_ids":["s0"],"phase":"listening","left":true}');
    note.forget();
    expect(items.size).toBe(0);
    show({ view: 'listening', sessionId: 's1' });
    note.forget();
    expect(storedTurn()?.session_ids).toEqual(['s1']);
  });

  test.each([
    '',
    'null',
    '{',
    '[]',
    '{"session_ids":["../x"],"phase":"listening","left":true}',
    '{"phase":"listening"}',
  ])('is ignored if it can’t be read: %s', (kept) => expect(readOpenTurn(fakeStorage(kept).storage)).toBeNull());

  test('is not stored if the browser forbids storage, and nothing throws', () => {
    const { client, show } = fakeClient();
    const note = trackOpenTurn(createVoiceStore(client), FORBIDDEN);
    expect(readOpenTurn(FORBIDDEN)).toBeNull();
    note.forget();
    show({ view: 'listening', sessionId: 's1' });
    expect(note.isOpen()).toBe(true);
    note.leave();
    note.dispose();
  });
});
