import { type RunLater, runLater } from './run-later.ts';

/** How long (ms) a slice of work may keep the window from drawing. */
const SLICE_MS = 8;

export interface SliceOptions {
  /** Milliseconds on a monotonic clock. Default: `performance.now`. */
  now?: () => number;
  /** Continues in a new task. Default: `runLater`. */
  later?: RunLater;
}

/** Divides long work into slices: after each small step, `if (slices.isOver()) await slices.next()`. */
export function createSlices({ now = () => performance.now(), later = runLater }: SliceOptions = {}) {
  let since = now();
  return {
    /** Whether the slice has lasted long enough. */
    isOver: () => now() - since >= SLICE_MS,
    /** Lets the window draw and take input, then begins the next slice. */
    next: () =>
      new Promise<void>((resolve) => {
        later(() => {
          since = now();
          resolve();
        });
      }),
  };
}
