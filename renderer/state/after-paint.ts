/** A window that is not drawn, such as a minimised one, has no animation frames. */
const LIMIT_MS = 100;

/** Resolves when what is on the page now has been painted, after `LIMIT_MS` at the latest. */
export function afterPaint(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, LIMIT_MS);
    // The second frame begins when the first one has been painted.
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}
