import { FRAME_MS } from '../../shared/audio-format.ts';

/**
 * Calls `emit` with the number of the next frame, from 0, 50 times per second. Catches up at once after a late timer.
 * @returns a function that stops the calls and returns their number
 */
export function startFrameTimer(emit: (number: number) => void): () => number {
  const began = performance.now();
  let next = 0;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    timer = setTimeout(tick, Math.max(0, began + next * FRAME_MS - performance.now()));
  };
  const tick = (): void => {
    while (began + next * FRAME_MS <= performance.now()) emit(next++);
    wait();
  };
  wait();
  return () => {
    clearTimeout(timer);
    return next;
  };
}
