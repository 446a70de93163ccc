/** Measures steps of the wall clock against a monotonic clock: the clock was set, or the machine slept. */
export interface ClockStepMeter {
  /** Must be called about once a second. */
  tick(): void;
  /**
   * @returns step of the wall clock (ms) in the last one to two seconds or since the last call; negative: it was set
   * back
   */
  take(): number;
}

/** Smaller steps (ms) are jitter and drift: clocks are slewed by up to 0.5 ms a second. */
const MIN_STEP_MS = 100;

/**
 * @param wall ms since the epoch
 * @param monotonic monotonic, in ms of any origin; on Linux and macOS it stops while the machine sleeps
 */
export function createClockStepMeter(
  wall: () => number = () => Date.now(),
  monotonic: () => number = () => performance.now(),
): ClockStepMeter {
  const offset = (): number => wall() - monotonic();
  // Two samples, so that a tick just before `take` does not hide the step.
  let before = offset();
  let last = before;
  return {
    tick() {
      before = last;
      last = offset();
    },
    take() {
      const now = offset();
      const step = now - before;
      before = last = now;
      return Math.abs(step) < MIN_STEP_MS ? 0 : step;
    },
  };
}
