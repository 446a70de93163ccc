/** How often the clock is looked at (ms). */
const TICK_MS = 1_000;
/** A tick that is later than this (ms) was not late: the machine slept, or the page was frozen. */
const SLEPT_MS = 5_000;

/** Where a page hears that the network is back; null in a program without one. */
export type NetworkEvents = Pick<EventTarget, 'addEventListener' | 'removeEventListener'> | null;

/**
 * Notices what no socket tells: that the machine may have slept, or that its network has come back.
 *
 * It needs the wall clock: `performance.now()` stands still while Linux and macOS sleep (W3C High Resolution Time, section
 * on clocks). A clock that is set forward looks the same to a page, so whoever is told may check a connection, but must
 * measure nothing by it.
 * @returns stops it
 */
export function watchWake(options: { onWoke(): void; onOnline(): void; network: NetworkEvents }): () => void {
  const { onWoke, onOnline, network } = options;
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    const slept = now - last - TICK_MS > SLEPT_MS;
    last = now;
    if (slept) onWoke();
  }, TICK_MS);
  network?.addEventListener('online', onOnline);
  return () => {
    clearInterval(timer);
    network?.removeEventListener('online', onOnline);
  };
}
