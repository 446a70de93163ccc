/**
 * Waits for `work`, but not longer than `ms`.
 * @param onTimeout makes the error of a wait that took too long; without it, and without an error of the work's own, the wait
 *   simply ends
 */
export function withTimeout(work: Promise<unknown>, ms: number, onTimeout?: () => Error): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => (onTimeout ? reject(onTimeout()) : resolve()), ms);
    work.then(
      () => {
        clearTimeout(timer);
        resolve();
      },
      (error: unknown) => {
        clearTimeout(timer);
        if (onTimeout) reject(error);
        else resolve();
      },
    );
  });
}
