/** An acknowledgement is overdue from this number of unacknowledged frames on; the server sends one every 10 frames. */
const MIN_FRAMES_IN_FLIGHT = 20;
/** Seconds without an acknowledgement after which the connection counts as frozen. */
const FROZEN_AFTER_TICKS = 3;

/** Detects an open connection that no data gets through. The system's own detection can take minutes. */
export interface AckTimeout {
  /**
   * Must be called once a second while a session listens. It counts calls instead of reading a clock, so a page that
   * was blocked or slept for a minute counts as one second.
   * @param through last seq sent
   * @param acknowledged last seq that the server holds
   * @returns true if the connection should be given up
   */
  tick(through: number, acknowledged: number): boolean;
  /** Restarts the count, for a new connection. */
  reset(): void;
}

export function createAckTimeout(): AckTimeout {
  let last = -1;
  let overdueTicks = 0;
  return {
    tick(through, acknowledged) {
      const isOverdue = through - acknowledged >= MIN_FRAMES_IN_FLIGHT && acknowledged === last;
      last = acknowledged;
      overdueTicks = isOverdue ? overdueTicks + 1 : 0;
      return overdueTicks >= FROZEN_AFTER_TICKS;
    },
    reset() {
      overdueTicks = 0;
    },
  };
}
