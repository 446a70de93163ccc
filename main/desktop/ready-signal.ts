/** Written to stdout on its own line when the first window shows its page. The launcher and smoke tests wait for it. */
export const READY_SIGNAL = 'EARSHOT_READY';

export interface ReadySignal {
  /** Call when a window shows its page. The first call writes the signal. */
  onShown: () => void;
  /** Resolves at the first call. */
  shown: Promise<void>;
}

/** @param out default: stdout. Ignores a closed one (desktop start, launcher that has exited) */
export function createReadySignal(out: NodeJS.WritableStream = process.stdout): ReadySignal {
  let resolve: () => void = () => {};
  const shown = new Promise<void>((done) => {
    resolve = done;
  });
  let announced = false;
  return {
    shown,
    onShown() {
      if (announced) return;
      announced = true;
      resolve();
      out.on('error', () => {});
      out.write(`${READY_SIGNAL}\n`);
    },
  };
}
