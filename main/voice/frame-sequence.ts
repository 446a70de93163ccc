/** The position of a frame in the session's sequence. */
export type Placement =
  | { kind: 'next' }
  /** Already received: drop it. */
  | { kind: 'duplicate' }
  /** `missing` frames before it did not arrive. */
  | { kind: 'gap'; missing: number }
  /** It skips more frames than a client can have lost. */
  | { kind: 'impossible'; missing: number };

/**
 * Determines the position of a frame from its sequence number.
 * @param receivedThrough last received seq, -1 if none
 * @param seq the frame's sequence number
 * @param maxGap the longest permitted gap, in frames
 */
export function placeFrame(receivedThrough: number, seq: number, maxGap: number): Placement {
  if (seq <= receivedThrough) return { kind: 'duplicate' };
  const missing = seq - receivedThrough - 1;
  if (missing === 0) return { kind: 'next' };
  return missing <= maxGap ? { kind: 'gap', missing } : { kind: 'impossible', missing };
}
