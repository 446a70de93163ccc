import { expect, test } from 'vitest';
import { IDLE } from '../testing/fakes.ts';
import type { VoiceSnapshot } from '../voice/voice-client.ts';
import { talkState } from './talk-state.ts';

const LISTENING = { ...IDLE, view: 'listening', micLive: true } as const satisfies VoiceSnapshot;
const microphone = (status: 'ok' | 'muted' | 'stalled' | 'silent') => ({ label: 'Desk', status, instead_of: null });

test('without a turn, after a problem and while a turn is being finished, nothing is recorded', () => {
  for (const view of ['idle', 'error', 'stopping'] as const) expect(talkState({ ...IDLE, view })).toBe('off');
  // The next turn is captured while the last one waits for a connection: that is `reconnecting`.
  expect(talkState({ ...IDLE, view: 'reconnecting', micLive: true, triesUntil: 5 })).toBe('reconnecting');
});

test('nothing is called recording before the microphone has delivered sound', () => {
  expect(talkState({ ...IDLE, view: 'connecting' })).toBe('waiting');
  expect(talkState({ ...IDLE, view: 'connecting', microphone: microphone('ok') })).toBe('waiting');
  expect(talkState({ ...IDLE, view: 'listening', micLive: false })).toBe('waiting');
  expect(talkState({ ...IDLE, view: 'reconnecting', micLive: false })).toBe('waiting');
});

test('a turn that listens is recording, muted by the user, or without sound', () => {
  expect(talkState(LISTENING)).toBe('recording');
  expect(talkState({ ...LISTENING, microphone: microphone('ok') })).toBe('recording');
  expect(talkState({ ...LISTENING, muted: true, microphone: microphone('silent') })).toBe('muted');
  for (const status of ['muted', 'stalled', 'silent'] as const)
    expect(talkState({ ...LISTENING, microphone: microphone(status) })).toBe('no_sound');
});

test('a pause is a pause with and without a connection', () => {
  expect(talkState({ ...LISTENING, view: 'paused', pausedAt: 1 })).toBe('paused');
  expect(talkState({ ...LISTENING, view: 'reconnecting', pausedAt: 1 })).toBe('paused');
});
