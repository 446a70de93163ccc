import { expect, test } from 'vitest';
import { fakeClient } from '../testing/fakes.ts';
import { createVoiceStore } from './voice-store.ts';

test('follows the client and remembers every session once', () => {
  const { client, show } = fakeClient();
  const voice = createVoiceStore(client);
  show({ view: 'listening', sessionId: 'a' });
  show({ view: 'reconnecting' });
  show({ view: 'listening', sessionId: 'b' });
  show({ sessionId: 'a' });
  expect(voice.getState()).toMatchObject({ view: 'listening', sessions: ['a', 'b'] });
});

test('a turn starts with a press and keeps all of its sessions through reconnects', () => {
  const { client, show } = fakeClient();
  const voice = createVoiceStore(client);
  expect(voice.getState()).toMatchObject({ turn: 0, turnSessions: [] });
  show({ view: 'connecting' });
  show({ view: 'listening', sessionId: 'a' });
  show({ view: 'reconnecting' });
  show({ view: 'listening', sessionId: 'b' });
  show({ view: 'stopping' });
  show({ view: 'idle', sessionId: null });
  expect(voice.getState()).toMatchObject({ turn: 1, turnSessions: ['a', 'b'] });
  show({ view: 'error', problem: 'mic_denied' });
  show({ view: 'connecting' });
  expect(voice.getState()).toMatchObject({ turn: 2, turnSessions: [], sessions: ['a', 'b'] });
});

test('H12 a press while the last turn is finishing starts the next turn, without its sessions', () => {
  const { client, show } = fakeClient();
  const voice = createVoiceStore(client);
  show({ view: 'connecting' });
  show({ view: 'listening', sessionId: 'a' });
  show({ view: 'stopping' });
  expect(voice.getState()).toMatchObject({ turn: 1, turnSessions: ['a'] });
  show({ view: 'connecting' });
  expect(voice.getState()).toMatchObject({ turn: 2, turnSessions: [] });
  show({ view: 'listening', sessionId: 'b' });
  expect(voice.getState()).toMatchObject({ turn: 2, turnSessions: ['b'] });
});

test('H58 a session belongs to an earlier turn while later turns wait behind it', () => {
  const { client, show } = fakeClient();
  const voice = createVoiceStore(client);
  show({ view: 'connecting' });
  show({ view: 'reconnecting' });
  show({ view: 'stopping', finishing: 1 });
  show({ view: 'reconnecting', turnsWaiting: 1 });
  show({ view: 'stopping', finishing: 2, turnsWaiting: 1 });
  show({ sessionId: 'a' });
  expect(voice.getState()).toMatchObject({ turn: 2, turnSessions: [], sessions: ['a'] });
  show({ sessionId: null, finishing: 1, turnsWaiting: 0 });
  show({ sessionId: 'b' });
  expect(voice.getState()).toMatchObject({ turn: 2, turnSessions: ['b'], sessions: ['a', 'b'] });
});

test('dispose unsubscribes from the client', () => {
  const { client, listeners } = fakeClient();
  const voice = createVoiceStore(client);
  expect(listeners.size).toBe(1);
  voice.dispose();
  expect(listeners.size).toBe(0);
});
