/** Interval of the clock check, in ms. */
const TICK_MS = 1_000;
/** A tick delayed by more than this (ms) means that the machine slept or the page was frozen. */
const MIN_SLEEP_MS = 5_000;

/** Target of the page's `online` event; null if there is none. */
export type NetworkEvents = Pick<EventTarget, 'addEventListener' | 'removeEventListener'> | null;

/**
 * Detects that the machine may have slept, or that its network is back; sockets report neither.
 *
 * It compares with the wall clock, because `performance.now()` stops while Linux and macOS sleep (W3C High Resolution
 * Time, section on clocks). A wall clock that is set forward looks the same, so use the result to check a connection
 * and not to measure time.
 * @param options.onWoke receives by how many ms the wall clock advanced further than the monotonic one: the length of
 *   the sleep, or 0 on systems whose monotonic clock includes sleep, such as Windows
 * @returns stops the detection
 */
export function detectResume(options: {
  onWoke(ms: number): void;
  onOnline(): void;
  network: NetworkEvents;
}): () => void {
  const { onWoke, onOnline, network } = options;
  let last = Date.now();
  let lastMonotonic = performance.now();
  const timer = setInterval(() => {
    const now = Date.now();
    const monotonic = performance.now();
    const slept = now - last - TICK_MS > MIN_SLEEP_MS;
    const sleptMs = now - last - (monotonic - lastMonotonic);
    last = now;
    lastMonotonic = monotonic;
    if (slept) onWoke(Math.max(0, sleptMs));
  }, TICK_MS);
  network?.addEventListener('online', onOnline);
  return () => {
    clearInterval(timer);
    network?.removeEventListener('online', onOnline);
  };
}
