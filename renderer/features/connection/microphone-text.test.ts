import { expect, test } from 'vitest';
import { IDLE } from '../../testing/fakes.ts';
import { microphoneText } from './microphone-text.ts';
import { announcement, statusText } from './status-text.ts';

const DESK = { label: 'Desk microphone', instead_of: null } as const;
const listening = { ...IDLE, view: 'listening', micLive: true } as const;

test.each(['muted', 'stalled', 'silent', 'noise'] as const)(
  'H52 H54 for a %s microphone the text says what is wrong, with which one, and what to do',
  (status) => {
    const snapshot = { ...listening, microphone: { ...DESK, status } };
    const { title, detail } = statusText(snapshot, 0);
    expect(title).not.toMatch(/listening/i);
    expect(detail).toContain('“Desk microphone”');
    expect(announcement(snapshot)).toBe(`${title}. ${detail}`);
  },
);

test('a microphone with sound has no text', () => {
  expect(microphoneText({ ...DESK, status: 'ok' })).toBeNull();
  expect(microphoneText(null)).toBeNull();
  expect(statusText({ ...listening, microphone: { ...DESK, status: 'ok' } }, 0).title).toBe('Listening');
});

test.each(['', 'Default'])('a microphone named %j is called “the microphone” in a sentence', (label) => {
  expect(microphoneText({ label, instead_of: null, status: 'muted' })?.detail).toContain('Unmute the microphone in');
});

test('H53 the status waits for an open microphone without sound, whatever the state of the connection', () => {
  const microphone = { ...DESK, status: 'ok' } as const;
  const opening = { ...IDLE, view: 'connecting', microphone } as const;
  expect(statusText(opening, 0).title).toBe('Waiting for the microphone…');
  // The permission prompt was answered.
  expect(statusText({ ...opening, askingForMic: true }, 0).title).toBe('Waiting for the microphone…');
  expect(statusText({ ...opening, micLive: true }, 0).title).toBe('Connecting…');
  expect(statusText({ ...opening, microphone: { ...microphone, status: 'muted' } }, 0).title).toMatch(/muted/);
});
