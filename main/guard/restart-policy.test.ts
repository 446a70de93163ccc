import { expect, test } from 'vitest';
import { nextRestart, RESTART_PAUSES_MS, type RestartHistory, STABLE_MS } from './restart-policy.ts';

/** Fails repeatedly at the same time until it gives up. @returns the pause before each attempt */
function pausesOf(history: RestartHistory, now: number): number[] {
  const pauses: number[] = [];
  for (;;) {
    const step = nextRestart(history, now);
    if (step.do === 'give up') return pauses;
    pauses.push(step.pauseMs);
    history = step.history;
    if (pauses.length > 100) expect.fail('it never gives up');
  }
}

test('the first attempt is immediate, further ones have growing pauses, and their number is limited', () => {
  const pauses = pausesOf({ tries: 0, runningSince: 0 }, STABLE_MS);
  expect(pauses).toEqual(RESTART_PAUSES_MS);
  expect(pauses[0]).toBe(0);
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
});

test('a server that fails soon after each start does not reset the attempts', () => {
  let history: RestartHistory = { tries: 0, runningSince: 0 };
  const pauses: number[] = [];
  for (let now = STABLE_MS; ; now += STABLE_MS - 1) {
    const step = nextRestart(history, now);
    if (step.do === 'give up') break;
    pauses.push(step.pauseMs);
    history = { ...step.history, runningSince: now };
  }
  expect(pauses).toEqual(RESTART_PAUSES_MS);
});

test('a server that was stable has all attempts again', () => {
  const history = { tries: RESTART_PAUSES_MS.length, runningSince: 1_000 };
  expect(nextRestart(history, 1_000 + STABLE_MS - 1)).toEqual({ do: 'give up' });
  expect(pausesOf(history, 1_000 + STABLE_MS)).toEqual(RESTART_PAUSES_MS);
});
