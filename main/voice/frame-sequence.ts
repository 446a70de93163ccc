/** Where a frame stands in the session's order. */
export type Placement =
  | { kind: 'next' }
  /** Already held: drop it. */
  | { kind: 'duplicate' }
  /** `missing` frames before it never came. */
  | { kind: 'gap'; missing: number }
  /** It skips more than any honest client can have lost. */
  | { kind: 'impossible'; missing: number };

/**
 * Places a frame by its number.
 * @param heldThrough last seq held, -1 if none
 * @param seq the frame's number
 * @param maxGap most frames that may be missing
 */
export function placeFrame(heldThrough: number, seq: number, maxGap: number): Placement {
  if (seq <= heldThrough) return { kind: 'duplicate' };
  const missing = seq - heldThrough - 1;
  if (missing === 0) return { kind: 'next' };
  return missing <= maxGap ? { kind: 'gap', missing } : { kind: 'impossible', missing };
}
