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
 * `onWoke` gets by how much (ms) the wall clock has gone on and the steady one has not: the length of a sleep, where it was one,
 * and 0 on a system whose steady clock counts its sleep, as Windows.
 * @returns stops it
 */
export function detectResume(options: {
  onWoke(ms: number): void;
  onOnline(): void;
  network: NetworkEvents;
}): () => void {
  const { onWoke, onOnline, network } = options;
  let last = Date.now();
  let lastSteady = performance.now();
  const timer = setInterval(() => {
    const now = Date.now();
    const steady = performance.now();
    const slept = now - last - TICK_MS > SLEPT_MS;
    const unseen = now - last - (steady - lastSteady);
    last = now;
    lastSteady = steady;
    if (slept) onWoke(Math.max(0, unseen));
  }, TICK_MS);
  network?.addEventListener('online', onOnline);
  return () => {
    clearInterval(timer);
    network?.removeEventListener('online', onOnline);
  };
}
