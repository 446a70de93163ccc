import { describe, expect, test, vi } from 'vitest';
import { createCaptureLosses } from './capture-losses.ts';

const NONE = { uncapturedMs: 0, stalledMs: 0, changedMs: 0, sleptMs: 0 };

function setUp() {
  const log = vi.fn();
  return { log, losses: createCaptureLosses(log) };
}

describe('capture losses', () => {
  test('counts gaps by their reason, in whole frames, and logs their exact length', () => {
    const { log, losses } = setUp();
    expect(losses.addGap(1_009)).toBe(1_000);
    expect(losses.addGap(511, 'changed')).toBe(520);
    expect(losses.totals).toEqual({ ...NONE, uncapturedMs: 1_520, changedMs: 520 });
    expect(log.mock.calls).toEqual([
      ['CAPTURE_GAP', { seconds: 1.009 }],
      ['CAPTURE_GAP', { seconds: 0.511, why: 'the microphone went away, and another took its place' }],
    ]);
  });

  test('logs the parts of a stall together when it ends, and each stall once', () => {
    const { log, losses } = setUp();
    losses.addGap(240, 'stalled');
    losses.addGap(260, 'stalled');
    expect(log).not.toHaveBeenCalled();
    losses.logStall();
    losses.logStall();
    losses.addGap(300, 'stalled');
    losses.logStall();
    expect(log.mock.calls.map(([, fields]) => fields.seconds)).toEqual([0.5, 0.3]);
    expect(losses.totals).toEqual({ ...NONE, uncapturedMs: 800, stalledMs: 800 });
  });

  test('starts again from zero at a new press, the logged stalls too', () => {
    const { log, losses } = setUp();
    losses.addGap(400, 'stalled');
    losses.addGap(100, 'changed');
    losses.addSleep(5_000);
    losses.logStall();
    losses.reset();
    expect(losses.totals).toEqual(NONE);
    losses.addGap(100, 'stalled');
    losses.logStall();
    expect(log).toHaveBeenLastCalledWith('CAPTURE_GAP', { seconds: 0.1, why: 'the microphone sent nothing' });
  });

  test('does not count sleep as audio that was not captured', () => {
    const { losses } = setUp();
    losses.addSleep(2_000);
    losses.addSleep(1_000);
    expect(losses.totals).toEqual({ ...NONE, sleptMs: 3_000 });
  });
});
