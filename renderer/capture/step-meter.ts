/** Notices by how much the wall clock moved against the steady one: it was set, or the machine slept. */
export interface LevelSampler {
  /** Called about once a second. */
  tick(): void;
  /** @returns ms by which the wall clock ran ahead in the last second or two, or since the last call; below 0: it was set back */
  take(): number;
}

/** Less than this (ms) is jitter and drift: clocks are slewed by up to 0.5 ms a second. */
const LEAST_STEP_MS = 100;

/**
 * @param wall ms since the epoch
 * @param steady ms of any origin; it stands while the machine sleeps (on Linux and macOS)
 */
export function createLevelSampler(
  wall: () => number = () => Date.now(),
  steady: () => number = () => performance.now(),
): LevelSampler {
  const offset = (): number => wall() - steady();
  // Two of them: a step must not be taken for granted in the moment before it is asked for.
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
      return Math.abs(step) < LEAST_STEP_MS ? 0 : step;
    },
  };
}
