import { setTimeout as delay } from 'node:timers/promises';
import { run } from './programs.ts';

/** A point of the display, in pixels. */
export interface Point {
  x: number;
  y: number;
}

/** Between two steps of a hand that drags (ms): the drag's target is told of each step and answers it. */
const STEP_MS = 50;
const STEPS = 10;

/**
 * Drags what lies at one point over another, and holds it there.
 * @param startDrag starts the drag where the thing under the mouse does not do so by itself
 */
export async function dragOver(from: Point, to: Point, startDrag?: () => Promise<unknown>): Promise<void> {
  await mouse('mousemove', from.x, from.y, 'mousedown', 1, 'mousemove', from.x + 20, from.y + 10);
  await startDrag?.();
  for (let step = 1; step <= STEPS; step++) {
    const at = (start: number, end: number) => Math.round(start + ((end - start) * step) / STEPS);
    await mouse('mousemove', at(from.x, to.x), at(from.y, to.y));
    await delay(STEP_MS);
  }
}

/** Moves it to and fro by a pixel, as a hand does that holds something: its target is told once more. */
export async function jiggleMouse({ x, y }: Point): Promise<void> {
  await mouse('mousemove', x + 1, y, 'mousemove', x, y);
}

/** Lets go. */
export async function releaseMouse(): Promise<void> {
  await mouse('mouseup', 1);
}

async function mouse(...args: (string | number)[]): Promise<void> {
  await run('xdotool', args.map(String));
}
