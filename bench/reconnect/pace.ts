import { FRAME_MS } from '../../shared/audio-format.ts';

/**
 * Calls `emit` 50 times a second, numbered from 0, by the clock: a late call is followed by what is due.
 * @returns stops it, and says how often `emit` was called
 */
export function startPace(emit: (number: number) => void): () => number {
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
