import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IDLE } from '../../testing/fakes.ts';
import { type RecoveryText, recoveryText } from './recovery-text.ts';

/** The text during a turn. */
function textFor(resumes: number, newSessions: number, lostMs: number, uncapturedMs = 0): RecoveryText | null {
  return recoveryText({ ...IDLE, view: 'listening', resumes, newSessions, lostMs, uncapturedMs }, false);
}

describe('recovery text', () => {
  test('null if nothing happened', () => {
    expect(textFor(0, 0, 0)).toBeNull();
  });

  test.each([
    [1, 0, 'The connection broke and was restored; nothing was lost.'],
    [3, 0, 'The connection broke 3 times and was restored each time; nothing was lost.'],
    [0, 1, 'The connection broke and came back as a new session; nothing was lost.'],
    [0, 2, 'The connection broke twice and came back as a new session each time; nothing was lost.'],
    [1, 1, 'The connection broke twice: it was restored once and came back as a new session once; nothing was lost.'],
  ])('H17 %i resumed, %i as new sessions, nothing lost: tone good', (resumes, newSessions, message) => {
    expect(textFor(resumes, newSessions, 0)).toEqual({ tone: 'good', message });
  });

  test.each([
    [0, 0, 310, 'About 0.3\u00a0s were lost.'],
    [1, 0, 3_200, 'The connection broke and was restored; about 3.2\u00a0s were lost.'],
    [4, 0, 12_400, 'The connection broke 4 times and was restored each time; about 12\u00a0s were lost.'],
    [0, 1, 310, 'The connection broke and came back as a new session; about 0.3\u00a0s were lost.'],
    [0, 3, 31_000, 'The connection broke 3 times and came back as a new session each time; about 31\u00a0s were lost.'],
    [
      2,
      1,
      3_200,
      'The connection broke 3 times: it was restored twice and came back as a new session once; about 3.2\u00a0s were lost.',
    ],
  ])('H23 %i resumed, %i as new sessions, %i ms lost: the loss in seconds', (resumes, newSessions, lostMs, message) => {
    expect(textFor(resumes, newSessions, lostMs)).toEqual({ tone: 'loss', message });
  });

  test('one lost frame is a loss', () => {
    expect(textFor(1, 0, 20)).toEqual({
      tone: 'loss',
      message: 'The connection broke and was restored; about 0.02\u00a0s were lost.',
    });
  });

  test('while the connection is broken again, only the loss so far is mentioned', () => {
    const reconnecting = { ...IDLE, view: 'reconnecting', newSessions: 1 } as const;
    expect(recoveryText({ ...reconnecting, resumes: 2, lostMs: 0 }, false)).toBeNull();
    expect(recoveryText({ ...reconnecting, resumes: 2, lostMs: 3_200 }, false)).toEqual({
      tone: 'loss',
      message: 'About 3.2\u00a0s were lost so far.',
    });
  });

  test('H19 after an error the loss is mentioned, earlier recoveries are not', () => {
    const failed = { ...IDLE, view: 'error', resumes: 2 } as const;
    expect(recoveryText({ ...failed, lostMs: 0 }, false)).toBeNull();
    expect(recoveryText({ ...failed, lostMs: 3_200 }, false)?.message).toBe('About 3.2\u00a0s were lost.');
  });

  test.each([
    [0, 0, 3_020, 3_020, 'About 3.0\u00a0s were not recorded, because Earshot or the system’s audio was held up.'],
    [0, 0, 0, 500, 'About 0.5\u00a0s were not recorded, because Earshot or the system’s audio was held up.'],
    [
      1,
      0,
      3_020,
      3_020,
      'The connection broke and was restored. About 3.0\u00a0s were not recorded, because Earshot or the system’s audio was held up.',
    ],
    [
      0,
      1,
      5_020,
      3_020,
      'The connection broke and came back as a new session; about 2.0\u00a0s were lost. About 3.0\u00a0s were not recorded, because Earshot or the system’s audio was held up.',
    ],
  ])(
    '%i resumed, %i as new sessions, %i ms lost, of which %i were not captured',
    (resumes, newSessions, lost, uncaptured, message) => {
      expect(textFor(resumes, newSessions, lost, uncaptured)).toEqual({ tone: 'loss', message });
    },
  );

  test('H59 undelivered audio is not a loss while it is offered, but is one after dismissal', () => {
    const part = { ...IDLE, view: 'listening', newSessions: 1, lostMs: 5_000, undeliveredMs: 5_000 } as const;
    expect(recoveryText(part, true)).toEqual({
      tone: 'good',
      message: 'The connection broke and came back as a new session.',
    });
    expect(recoveryText({ ...part, lostMs: 7_000 }, true)).toEqual({
      tone: 'loss',
      message: 'The connection broke and came back as a new session; about 2.0\u00a0s were lost.',
    });
    const failed = { ...part, view: 'error', newSessions: 0 } as const;
    expect(recoveryText(failed, true)).toBeNull();
    expect(recoveryText(failed, false)?.message).toBe('About 5.0\u00a0s were lost.');
  });

  test('the tone is “loss” exactly if something was lost', () => {
    const views = fc.constantFrom('idle', 'connecting', 'listening', 'reconnecting', 'stopping', 'error');
    const count = fc.nat({ max: 50 });
    const ms = fc.oneof(fc.constant(0), fc.nat({ max: 100_000 }));
    fc.assert(
      fc.property(views, count, count, ms, ms, (view, resumes, newSessions, lostMs, uncapturedMs) => {
        const shown = recoveryText({ ...IDLE, view, resumes, newSessions, lostMs, uncapturedMs }, false);
        expect(shown?.tone === 'loss').toBe(lostMs + uncapturedMs > 0);
        expect(shown?.message.includes('nothing was lost') ?? false).toBe(shown?.tone === 'good');
        expect(shown?.message ?? '').not.toMatch(/\b0\.0+\ss/);
      }),
    );
  });
});

test('H52 audio missing because the microphone sent nothing is not attributed to Earshot', () => {
  const quiet = { ...IDLE, view: 'listening' } as const;
  expect(recoveryText({ ...quiet, uncapturedMs: 4_000, stalledMs: 4_000 }, false)).toEqual({
    tone: 'loss',
    message: 'About 4.0\u00a0s were not recorded, because the microphone sent nothing.',
  });
  expect(recoveryText({ ...quiet, uncapturedMs: 5_000, stalledMs: 4_000 }, false)?.message).toBe(
    'About 4.0\u00a0s were not recorded, because the microphone sent nothing. ' +
      'About 1.0\u00a0s were not recorded, because Earshot or the system’s audio was held up.',
  );
});

test('H56 audio missing because of a change of microphone is attributed to it', () => {
  const turn = { ...IDLE, view: 'listening' } as const;
  expect(recoveryText({ ...turn, uncapturedMs: 600, changedMs: 600 }, false)).toEqual({
    tone: 'loss',
    message:
      'About 0.6\u00a0s were not recorded, because the microphone was disconnected until another one was opened.',
  });
});

test('after sleep the text says for how long, and mentions no loss', () => {
  const turn = { ...IDLE, view: 'idle' } as const;
  expect(recoveryText({ ...IDLE, ...turn, sleptMs: 60_400 }, false)).toEqual({
    tone: 'good',
    message: 'The computer slept for about 1:00, or its clock was set forward. Nothing is recorded while it sleeps.',
  });
});
