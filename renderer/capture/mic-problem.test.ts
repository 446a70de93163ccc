import { describe, expect, test } from 'vitest';
import { en } from '../text/en.ts';
import { micError, micProblem } from './mic-problem.ts';

describe('micProblem', () => {
  test.each([
    ['NotAllowedError', 'mic_denied'],
    ['SecurityError', 'mic_denied'],
    ['NotFoundError', 'mic_missing'],
    ['NotReadableError', 'mic_busy'],
    ['AbortError', 'mic_busy'],
    ['TypeError', 'mic_failed'],
    ['SomethingNewError', 'mic_failed'],
    ['constructor', 'mic_failed'],
    ['__proto__', 'mic_failed'],
  ])('H44 %s is %s', (name, problem) => {
    expect(micProblem(new DOMException('', name))).toBe(problem);
  });

  test.each([undefined, null, 'NotAllowedError', 42, {}, { name: 7 }])(
    'H44 %s, an unusual thrown value, is mic_failed',
    (thrown) => {
      expect(micProblem(thrown)).toBe('mic_failed');
    },
  );

  test('the error has the code, what happened, what to do, and its cause', () => {
    const cause = new DOMException('Permission denied', 'NotAllowedError');
    const error = micError('mic_denied', cause);
    expect(error).toMatchObject({ code: 'mic_denied', cause });
    expect(error.message).toContain(en.problems.mic_denied.title);
    expect(error.message).toContain(en.problems.mic_denied.action);
  });
});
