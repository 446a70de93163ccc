import { describe, expect, test } from 'vitest';
import { PROBLEMS, type ProblemCode } from '../../../shared/problems.ts';
import { IDLE } from '../../testing/fakes.ts';
import { announcement, lossWords, statusWords } from './status-words.ts';

describe('status words', () => {
  test('asking for the microphone is told from connecting', () => {
    expect(statusWords({ ...IDLE, view: 'connecting' }, 0).title).toBe('Connecting…');
    expect(statusWords({ ...IDLE, view: 'connecting', askingForMic: true }, 0).title).toBe('Allow the microphone…');
  });

  test('the wait for a reconnect counts down in whole seconds and ends in trying', () => {
    const waiting = { ...IDLE, view: 'reconnecting' as const, retryAt: 10_000 };
    expect([7_500, 8_000, 9_999, 10_000, 12_000].map((now) => statusWords(waiting, now).detail)).toEqual([
      'Trying again in 3 s',
      'Trying again in 2 s',
      'Trying again in 1 s',
      'Trying again…',
      'Trying again…',
    ]);
  });

  test('H44 every problem has its own title and says what to do', () => {
    for (const problem of Object.keys(PROBLEMS) as ProblemCode[]) {
      const { title, detail } = statusWords({ ...IDLE, view: 'error', problem }, 0);
      expect([title, detail]).toEqual([PROBLEMS[problem].title, PROBLEMS[problem].action]);
    }
  });

  test('a screen reader hears no countdown', () => {
    const waiting = { ...IDLE, view: 'reconnecting' as const, retryAt: Date.now() + 5_000 };
    expect(announcement(waiting)).toBe('Connection lost. Trying again…');
  });

  test('H23 what a broken connection cost is said in seconds, and nothing when nothing happened', () => {
    expect(lossWords({ newSessions: 0, lostMs: 0 })).toBeNull();
    expect(lossWords({ newSessions: 1, lostMs: 310 })).toBe(
      'The connection broke and came back as a new session; about 0.3 s in between was not recorded.',
    );
    expect(lossWords({ newSessions: 3, lostMs: 12_400 })).toBe(
      'The connection broke 3 times and came back as new sessions; about 12 s in between were not recorded.',
    );
    expect(lossWords({ newSessions: 1, lostMs: 0 })).toBe('The connection broke and came back as a new session.');
  });

  test('a connection that has not come back is not said to have', () => {
    expect(lossWords({ newSessions: 0, lostMs: 310 })).toBe('About 0.3 s were not recorded.');
    expect(lossWords({ newSessions: 0, lostMs: 20 })).toBeNull();
  });
});
