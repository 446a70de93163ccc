/**
 * Waits for `work`, at most `limitMs`. What `work` does after the limit is ignored, including an error.
 * @returns whether `work` ended in time
 * @throws the error of `work` if it fails in time
 */
export async function endsWithin(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  return Promise.race([work.then(() => true), limit]).finally(() => clearTimeout(timer));
}

/** Like `endsWithin`, but an error of `work` counts as its end. Never rejects. */
export function settlesWithin(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  return endsWithin(
    limitMs,
    work.catch(() => undefined),
  );
}
