/** Maximum device changes per minute. A loose plug would otherwise cause a gap each time. */
const MAX_CHANGES = 6;
const CHANGES_WITHIN_MS = 60_000;

/**
 * Limits how often one device replaces another.
 * @param now monotonic clock, in ms
 * @returns a function that counts a change, or returns false if there were too many
 */
export function createChangeLimit(now: () => number): () => boolean {
  const changes: number[] = [];
  return () => {
    const time = now();
    while (changes[0] !== undefined && time - changes[0] > CHANGES_WITHIN_MS) changes.shift();
    if (changes.length >= MAX_CHANGES) return false;
    changes.push(time);
    return true;
  };
}
