import { describe, expect, test } from 'vitest';
import { PROBLEMS, type ProblemCode } from '../../../shared/problems.ts';
import { IDLE } from '../../testing/fakes.ts';
import type { VoiceSnapshot } from '../../voice/voice-client.ts';
import { announcement, statusWords } from './status-words.ts';

const WAITING: VoiceSnapshot = { ...IDLE, view: 'reconnecting', hearing: true, retryAt: 10_000 };

describe('status words', () => {
  test('asking for the microphone is told from connecting', () => {
    expect(statusWords({ ...IDLE, view: 'connecting' }, 0).title).toBe('Connecting…');
    expect(statusWords({ ...IDLE, view: 'connecting', askingForMic: true }, 0).title).toBe('Allow the microphone…');
  });

  test('the wait for a reconnect counts down in whole seconds and ends in trying', () => {
    expect([7_500, 8_000, 9_999, 10_000, 12_000].map((now) => statusWords(WAITING, now).detail)).toEqual([
      'Trying again in 3\u00a0s.',
      'Trying again in 2\u00a0s.',
      'Trying again in 1\u00a0s.',
      'Trying again…',
      'Trying again…',
    ]);
    expect(statusWords(WAITING, 7_500)).toMatchObject({ title: 'Connection lost', kept: 'What you say is kept.' });
  });

  test('H21 with the breaker open it says who does not answer, when it tries again, and for how long words are kept', () => {
    const open = { ...WAITING, breakerOpen: true, retryAt: 15_000 };
    expect(statusWords(open, 3_000)).toEqual({
      title: 'The voice server does not answer',
      detail: 'Trying again in 12\u00a0s.',
      kept: 'What you say is kept for up to 30\u00a0s.',
    });
    expect(statusWords({ ...open, retryAt: null }, 3_000).detail).toBe('Trying again…');
  });

  test('nothing is said to be kept while the microphone is not open', () => {
    expect(statusWords({ ...WAITING, hearing: false }, 9_000)).not.toHaveProperty('kept');
    expect(statusWords({ ...WAITING, hearing: false, breakerOpen: true }, 9_000)).not.toHaveProperty('kept');
    expect(announcement({ ...WAITING, hearing: false })).toBe('Connection lost. Trying again…');
  });

  test('H44 every problem has its own title and says what to do', () => {
    for (const problem of Object.keys(PROBLEMS) as ProblemCode[]) {
      const { title, detail } = statusWords({ ...IDLE, view: 'error', problem }, 0);
      expect([title, detail]).toEqual([PROBLEMS[problem].title, PROBLEMS[problem].action]);
    }
  });

  test('a screen reader hears no countdown', () => {
    expect(announcement(WAITING)).toBe('Connection lost. Trying again… What you say is kept.');
    expect(announcement({ ...WAITING, breakerOpen: true })).toBe(
      'The voice server does not answer. Trying again… What you say is kept for up to 30\u00a0s.',
    );
  });
});
