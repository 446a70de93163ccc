/** Just short of the next millisecond. */
const LAST_MOMENT_MS = 0.998;

/** The clocks of a process, in ms: wall clock in whole ms since the epoch, and a monotonic clock of any origin. */
interface Clocks {
  wall(): number;
  steady(): number;
}

/**
 * Creates a clock in fractional ms since the epoch, so that two events within a millisecond keep their order.
 * The millisecond comes from the wall clock, the fraction from the monotonic clock: the processes of a machine share
 * the wall clock, while their monotonic clocks drift apart (NTP slews by up to 0.5 ms a second) and stop during sleep.
 */
export function createPreciseClock({ wall, steady }: Clocks): () => number {
  let offset = 0;
  return () => {
    const ms = wall();
    const at = steady();
    // Adjust the offset by the minimum that keeps the result within the wall clock's millisecond.
    offset = Math.min(Math.max(offset, ms - at), ms - at + LAST_MOMENT_MS);
    return at + offset;
  };
}

/** The current time in fractional ms since the epoch, comparable between the processes of this machine. */
export const preciseNow = createPreciseClock({
  wall: () => Date.now(),
  steady: () => performance.timeOrigin + performance.now(),
});
