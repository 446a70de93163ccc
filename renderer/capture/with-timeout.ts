/**
 * Waits for `work`, at most `ms`.
 * @param onTimeout creates the error for a timeout. Without it the wait resolves on a timeout and ignores errors of
 *   `work`
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
