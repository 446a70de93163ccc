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

test('a turn starts when rest ends, and goes on through reconnects', () => {
  const { client, show } = fakeClient();
  let now = 100;
  const voice = createVoiceStore(client, () => now);
  expect(voice.getState().turnStartedAt).toBeNull();
  show({ view: 'connecting' });
  now = 200;
  show({ view: 'reconnecting' });
  show({ view: 'listening' });
  show({ view: 'stopping' });
  show({ view: 'idle' });
  expect(voice.getState().turnStartedAt).toBe(100);
  show({ view: 'error', problem: 'mic_denied' });
  show({ view: 'connecting' });
  expect(voice.getState().turnStartedAt).toBe(200);
});

test('H12 a press while the last turn still finishes starts the next one', () => {
  const { client, show } = fakeClient();
  let now = 100;
  const voice = createVoiceStore(client, () => now);
  show({ view: 'connecting' });
  show({ view: 'listening' });
  now = 200;
  show({ view: 'stopping' });
  expect(voice.getState().turnStartedAt).toBe(100);
  show({ view: 'connecting' });
  expect(voice.getState().turnStartedAt).toBe(200);
});

test('disposed, it lets go of the client', () => {
  const { client, listeners } = fakeClient();
  const voice = createVoiceStore(client);
  expect(listeners.size).toBe(1);
  voice.dispose();
  expect(listeners.size).toBe(0);
});
