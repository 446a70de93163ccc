/** Largest fraction that is added to a whole ms, so that the result stays below the next one. */
const MAX_FRACTION_MS = 0.998;

/** The clocks of a process, in ms: wall clock in whole ms since the epoch, and a monotonic clock of any origin. */
interface Clocks {
  wall(): number;
  monotonic(): number;
}

/**
 * Creates a clock in fractional ms since the epoch, so that two events within a millisecond keep their order.
 * The millisecond comes from the wall clock, the fraction from the monotonic clock: the processes of a machine share
 * the wall clock, while their monotonic clocks drift apart (NTP slews by up to 0.5 ms a second) and stop during sleep.
 */
export function createPreciseClock({ wall, monotonic }: Clocks): () => number {
  let offset = 0;
  return () => {
    const ms = wall();
    const at = monotonic();
    // Adjust the offset by the minimum that keeps the result within the wall clock's millisecond.
    offset = Math.min(Math.max(offset, ms - at), ms - at + MAX_FRACTION_MS);
    return at + offset;
  };
}

/** The current time in fractional ms since the epoch, comparable between the processes of this machine. */
export const preciseNow = createPreciseClock({
  wall: () => Date.now(),
  monotonic: () => performance.timeOrigin + performance.now(),
});
