import { describe, expect, test } from 'vitest';
import type { ProblemCode } from '../../connection/problems.ts';
import { IDLE } from '../../testing/fakes.ts';
import { text } from '../../text/text.ts';
import type { VoiceSnapshot } from '../../voice/voice-client.ts';
import { announcement, statusText } from './status-text.ts';

const WAITING: VoiceSnapshot = { ...IDLE, view: 'reconnecting', micLive: true, retryAt: 10_000, keptUntil: 36_000 };

describe('status text', () => {
  test('asking for the microphone has another title than connecting', () => {
    expect(statusText({ ...IDLE, view: 'connecting' }, 0).title).toBe('Connecting…');
    expect(statusText({ ...IDLE, view: 'connecting', askingForMic: true }, 0).title).toBe('Allow the microphone…');
  });

  test('a pause has its own title, also while there is no connection; nothing is said to be kept then', () => {
    const paused = { ...IDLE, view: 'paused', pausedAt: 5, hearing: true } as const;
    expect(statusText(paused, 0).title).toBe('Paused');
    expect(statusText({ ...WAITING, pausedAt: 5 }, 7_500)).toEqual({
      title: 'Paused, connection lost',
      detail: 'Trying again in 3\u00a0s.',
    });
  });

  test('the user’s own mute is told as such', () => {
    const microphone = { label: 'Desk', status: 'muted_in_app', instead_of: null } as const;
    expect(statusText({ ...IDLE, view: 'listening', microphone }, 0).title).toBe('Muted');
  });

  test('the length limit is announced once and counted down, and its end is told', () => {
    const near = (limitLeftS: number) => ({ ...IDLE, view: 'listening', limitLeftS }) as const;
    expect(statusText(near(12), 0).detail).toBe(
      'The recording ends in 12\u00a0s, at its length limit. Press again to stop.',
    );
    expect(announcement(near(12))).toBe(announcement(near(30)));
    expect(announcement({ ...IDLE, limitReachedMin: 5 })).toContain('It reached the limit of 5 minutes');
  });

  test('the wait for a reconnect counts down in whole seconds, then says “Trying again…”', () => {
    expect([7_500, 8_000, 9_999, 10_000, 12_000].map((now) => statusText(WAITING, now).detail)).toEqual([
      'Trying again in 3\u00a0s.',
      'Trying again in 2\u00a0s.',
      'Trying again in 1\u00a0s.',
      'Trying again…',
      'Trying again…',
    ]);
    expect(statusText(WAITING, 7_500)).toMatchObject({
      title: 'Connection lost',
      kept: 'What you say is kept for 29\u00a0s more.',
    });
  });

  test('H21 with the breaker open: the server does not answer, when the next try is, and how long audio is kept', () => {
    const open = { ...WAITING, breakerOpen: true, retryAt: 25_000 };
    expect(statusText(open, 13_000)).toEqual({
      title: 'The voice server does not answer',
      detail: 'Trying again in 12\u00a0s.',
      kept: 'What you say is kept for 23\u00a0s more.',
    });
    expect(statusText({ ...open, retryAt: null }, 13_000).detail).toBe('Trying again…');
  });

  test('H59 how long audio is kept is shown in seconds, counts down, and is never overstated', () => {
    const kept = (now: number) => statusText({ ...WAITING, retryAt: null }, now).kept;
    expect([6_000, 10_999, 11_000, 35_500, 36_000, 300_000].map(kept)).toEqual([
      'What you say is kept for 30\u00a0s more.',
      'What you say is kept for 26\u00a0s more.',
      'What you say is kept for 25\u00a0s more.',
      'What you say is kept for 1\u00a0s more.',
      'What you say is kept during this last try.',
      'What you say is kept during this last try.',
    ]);
    // Connected again; the kept audio is being sent.
    expect(statusText({ ...WAITING, retryAt: null, keptUntil: null }, 300_000).kept).toBe('What you say is kept.');
  });

  test('H58 a turn that ended in an outage: it is being finished, how long it is kept, and the mic can be pressed', () => {
    const ended: VoiceSnapshot = { ...IDLE, view: 'stopping', finishing: 1, triesUntil: 36_000, retryAt: 14_000 };
    expect(statusText(ended, 13_000)).toEqual({
      title: 'Finishing the last recording…',
      detail: 'The connection is lost. Trying again in 1\u00a0s.',
      kept: 'It is kept for 23\u00a0s more. You can press the mic and speak meanwhile.',
    });
    expect(statusText({ ...ended, finishing: 3, retryAt: null }, 7_000)).toEqual({
      title: 'Finishing 3 recordings…',
      detail: 'The connection is lost. Trying again…',
      kept: 'They are kept for 29\u00a0s more. You can press the mic and speak meanwhile.',
    });
    expect(statusText({ ...ended, triesUntil: null }, 13_000)).toEqual({
      title: 'Finishing…',
      detail: 'Your last words are being sent.',
    });
    expect(announcement(ended)).not.toMatch(/\d/);
  });

  test('H58 the earlier turn is still mentioned during the next turn', () => {
    const both = { ...WAITING, finishing: 1, triesUntil: 20_000 };
    expect(statusText(both, 14_000).kept).toBe(
      'What you say is kept for 22\u00a0s more. The last recording waits as well.',
    );
    expect(statusText({ ...both, micLive: false, finishing: 2 }, 14_000).kept).toBe(
      'The last recordings wait as well.',
    );
    const unplugged = { ...both, view: 'error', problem: 'mic_unplugged', micLive: false } as const;
    expect(statusText(unplugged, 14_000).kept).toBe('The last recording waits for a connection.');
    expect(statusText({ ...unplugged, triesUntil: null }, 14_000)).not.toHaveProperty('kept');
  });

  test('while the microphone is closed, the text does not mention audio of this turn', () => {
    expect(statusText({ ...WAITING, micLive: false }, 9_000)).not.toHaveProperty('kept');
    expect(statusText({ ...WAITING, micLive: false, breakerOpen: true }, 9_000)).not.toHaveProperty('kept');
    expect(announcement({ ...WAITING, micLive: false })).toBe('Connection lost. Trying again…');
  });

  test('H44 every problem has its own title and says what to do', () => {
    for (const problem of Object.keys(text.problems) as ProblemCode[]) {
      const { title, detail } = statusText({ ...IDLE, view: 'error', problem }, 0);
      expect([title, detail]).toEqual([text.problems[problem].title, text.problems[problem].action]);
    }
  });

  test('the announcement contains no countdown', () => {
    expect(announcement(WAITING)).toBe('Connection lost. Trying again… What you say is kept.');
    expect(announcement({ ...WAITING, breakerOpen: true })).toBe(
      'The voice server does not answer. Trying again… What you say is kept.',
    );
  });
});
