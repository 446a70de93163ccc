/** Written to stdout on its own line when the first window shows its page. The launcher and smoke tests wait for it. */
export const READY_SIGNAL = 'EARSHOT_READY';

/**
 * Returns a function that writes the signal once. Ignores a closed stdout (desktop start, launcher that has exited).
 */
export function createReadySignal(out: NodeJS.WritableStream = process.stdout): () => void {
  let announced = false;
  return () => {
    if (announced) return;
    announced = true;
    out.on('error', () => {});
    out.write(`${READY_SIGNAL}\n`);
  };
}
