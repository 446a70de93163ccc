import { FRAME_MS } from '../../shared/audio-format.ts';

/**
 * Calls `emit` 50 times a second with numbers from 0. After a late timer it catches up at once.
 * @returns stops the calls, and returns how many there were
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
