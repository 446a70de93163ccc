/** Time (ms) that work may take before the page gets a turn. A frame at 60 Hz has 16 ms. */
const SLICE_MS = 8;

/**
 * Divides long work into slices, so that the page can draw and react. Call the returned function often: it resolves at
 * once, or after the page had a turn when the last one was more than 8 ms ago.
 *
 * It uses a message channel: timers of a hidden page are delayed by a second each.
 * @throws the signal's reason if it is aborted
 */
export function createSlices(signal: AbortSignal, now: () => number = () => performance.now()): () => Promise<void> {
  let since = now();
  return async () => {
    signal.throwIfAborted();
    if (now() - since < SLICE_MS) return;
    const { port1, port2 } = new MessageChannel();
    await new Promise<void>((resolve) => {
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    });
    port1.close();
    since = now();
    signal.throwIfAborted();
  };
}
