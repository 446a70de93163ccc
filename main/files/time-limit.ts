/**
 * Waits for `work` for at most `limitMs`, since a disk may never answer. A later rejection of `work` is ignored.
 * @returns whether `work` ended in time
 * @throws the error of `work` if it fails in time
 */
export async function endsWithin(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  return Promise.race([work.then(() => true), limit]).finally(() => clearTimeout(timer));
}
