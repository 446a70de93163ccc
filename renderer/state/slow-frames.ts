import type { Frames } from './level-feed.ts';

/**
 * Pause (ms) after a frame before the next one is requested. On a screen with 60 Hz this gives 20 frames a second:
 * enough for a meter, at a third of the cost.
 */
export const PAUSE_MS = 40;

/**
 * Animation frames with a pause between them, for one caller with one request at a time. Skipping two of three
 * frames would not save much: a requested frame wakes several threads of the browser even if nothing is drawn in it.
 */
export function createSlowFrames(): Frames {
  let last = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let handle = 0;
  return {
    request(callback) {
      const ask = () => {
        handle = requestAnimationFrame((time) => {
          last = performance.now();
          callback(time);
        });
      };
      const pause = last + PAUSE_MS - performance.now();
      if (pause > 0) timer = setTimeout(ask, pause);
      else ask();
      return 1;
    },
    cancel() {
      clearTimeout(timer);
      cancelAnimationFrame(handle);
    },
  };
}
