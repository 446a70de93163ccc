import { expect, test } from 'vitest';
import { IDLE } from '../../testing/fakes.ts';
import { microphoneText } from './microphone-text.ts';
import { announcement, statusText } from './status-text.ts';

const DESK = { label: 'Desk microphone', instead_of: null } as const;
const listening = { ...IDLE, view: 'listening', hearing: true } as const;

test.each(['muted', 'stalled', 'silent', 'noise'] as const)(
  'H52 H54 a microphone that is %s is not called listening: what is wrong, which one, and what to do',
  (status) => {
    const snapshot = { ...listening, microphone: { ...DESK, status } };
    const { title, detail } = statusText(snapshot, 0);
    expect(title).not.toMatch(/listening/i);
    expect(detail).toContain('“Desk microphone”');
    expect(announcement(snapshot)).toBe(`${title}. ${detail}`);
  },
);

test('a microphone whose sound is heard needs no words of its own', () => {
  expect(microphoneText({ ...DESK, status: 'ok' })).toBeNull();
  expect(microphoneText(null)).toBeNull();
  expect(statusText({ ...listening, microphone: { ...DESK, status: 'ok' } }, 0).title).toBe('Listening');
});

test.each(['', 'Default'])('a microphone whose name is %j is just the microphone in a sentence', (label) => {
  expect(microphoneText({ label, instead_of: null, status: 'muted' })?.detail).toContain('Unmute the microphone in');
});

test('H53 a microphone that is open and has given no sound yet is waited for, whatever the connection does', () => {
  const microphone = { ...DESK, status: 'ok' } as const;
  const opening = { ...IDLE, view: 'connecting', microphone } as const;
  expect(statusText(opening, 0).title).toBe('Waiting for the microphone…');
  // The system has been asked and has answered.
  expect(statusText({ ...opening, askingForMic: true }, 0).title).toBe('Waiting for the microphone…');
  expect(statusText({ ...opening, hearing: true }, 0).title).toBe('Connecting…');
  expect(statusText({ ...opening, microphone: { ...microphone, status: 'muted' } }, 0).title).toMatch(/muted/);
});
