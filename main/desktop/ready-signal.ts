/** Written to stdout, on a line of its own, when the first window shows its page. The launcher and smoke tests wait for it. */
export const READY_SIGNAL = 'EARSHOT_READY';

/** Says once that the app is up. A closed stdout (a desktop start, a launcher that left) is no reason to fail. */
export function createReadySignal(out: NodeJS.WritableStream = process.stdout): () => void {
  let announced = false;
  return () => {
    if (announced) return;
    announced = true;
    out.on('error', () => {});
    out.write(`${READY_SIGNAL}\n`);
  };
}
