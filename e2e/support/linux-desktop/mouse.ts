import { setTimeout as delay } from 'node:timers/promises';
import { run } from './programs.ts';

/** A point of the display, in pixels. */
export interface Point {
  x: number;
  y: number;
}

/** Pause (ms) after each step of a drag, so that the drop target can answer the event of this step. */
const STEP_MS = 50;
const STEPS = 10;

/**
 * Drags the item at one point over another, and keeps the button pressed.
 * @param startDrag starts the drag if the item does not start one by itself
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

/** Moves the mouse by one pixel and back, so that the drop target gets another event. */
export async function jiggleMouse({ x, y }: Point): Promise<void> {
  await mouse('mousemove', x + 1, y, 'mousemove', x, y);
}

/** Releases the button, which drops the item. */
export async function releaseMouse(): Promise<void> {
  await mouse('mouseup', 1);
}

async function mouse(...args: (string | number)[]): Promise<void> {
  await run('xdotool', args.map(String));
}
