/** Frames on their way before an acknowledgement is due: the server answers every 10. */
const DUE_FRAMES = 20;
/** Seconds without one, after which nothing gets through any more. */
const FROZEN_AFTER_TICKS = 3;

/** Notices a connection that seems open while nothing gets through it, before the system does: that can take minutes. */
export interface AckTimeout {
  /**
   * Called once a second while a session listens. It counts calls and reads no clock: a page that was held up, or slept,
   * lets one second pass and not a minute.
   * @param through last seq that left
   * @param acknowledged last seq that the server holds
   * @returns true when the connection is to be given up
   */
  tick(through: number, acknowledged: number): boolean;
  /** A new connection: the count begins anew. */
  reset(): void;
}

export function createAckTimeout(): AckTimeout {
  let last = -1;
  let silent = 0;
  return {
    tick(through, acknowledged) {
      const waits = through - acknowledged >= DUE_FRAMES && acknowledged === last;
      last = acknowledged;
      silent = waits ? silent + 1 : 0;
      return silent >= FROZEN_AFTER_TICKS;
    },
    reset() {
      silent = 0;
    },
  };
}
