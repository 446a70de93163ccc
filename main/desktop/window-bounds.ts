import type { Point, Rectangle } from 'electron';
import { z } from 'zod';

/** Where a window was left: its bounds while neither maximised nor full screen, in device-independent pixels. */
export const WindowState = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
  mode: z.enum(['normal', 'maximized', 'full_screen']),
});
export type WindowState = z.infer<typeof WindowState>;

/** Where a new window goes. Without `x` and `y` the system chooses, which centres it. */
export interface WindowBounds {
  bounds: { width: number; height: number; x?: number; y?: number };
  mode: WindowState['mode'];
}

const DEFAULT_SIZE = { width: 960, height: 720 };
/** How far one window stands below and to the right of another: about the height of a title bar. */
const CASCADE = 28;
/** As much of a title bar must be on a display for a hand to take hold of it; its upper edge may be cut by a few pixels. */
const GRIP = { width: 120, height: 32, cut: 8 };

/** How far the inside of a window may lie to the right of and below its frame's corner. Wider than any theme's frame. */
const WIDEST_FRAME = { x: 64, y: 128 };

/**
 * On X11 a window is put where its frame is to be and says where its inside is, so that it seems to have moved by its
 * frame. Tells how far, from where it was asked to be and where it said it was when the system had framed it. Pure.
 * @returns null where that can't be a frame: the system has chosen another place, or a person has
 */
export function frameOffset(asked: Point, found: Point): Point | null {
  const [x, y] = [found.x - asked.x, found.y - asked.y];
  const framed = x >= 0 && y >= 0 && x <= WIDEST_FRAME.x && y <= WIDEST_FRAME.y;
  return framed ? { x, y } : null;
}

/**
 * Chooses the place of a new window. The first one goes where the last one was left, if its title bar can be reached
 * there on a display that is connected now; further ones stand in a cascade. Pure.
 * @param areas the work area of each display, without task bars and docks
 * @param open the bounds of the windows that are open, the one used last at the end
 */
export function restoreBounds(
  saved: WindowState | null,
  areas: readonly Rectangle[],
  open: readonly Rectangle[],
): WindowBounds {
  const last = open.at(-1);
  if (last) return { bounds: cascade(last, areas, open), mode: 'normal' };
  if (!saved) return { bounds: DEFAULT_SIZE, mode: 'normal' };
  const { mode, ...bounds } = saved;
  // As large as it will be: what is made to fit may leave a display that it reached before.
  const area = areas.find((candidate) => canBeGripped({ ...bounds, ...fitted(bounds, candidate) }, candidate));
  const { width, height } = fitted(bounds, area ?? areas[0]);
  return { bounds: area ? { x: bounds.x, y: bounds.y, width, height } : { width, height }, mode };
}

/** The next step of the cascade that no open window stands on; from the corner of the display again where it would leave it. */
function cascade(last: Rectangle, areas: readonly Rectangle[], open: readonly Rectangle[]): Rectangle {
  const area = areas.find((candidate) => canBeGripped(last, candidate)) ?? areas[0];
  let { x, y } = last;
  for (let step = 0; step <= open.length; step++) {
    x += CASCADE;
    y += CASCADE;
    if (area && (x + last.width > area.x + area.width || y + last.height > area.y + area.height)) ({ x, y } = area);
    if (!open.some((other) => other.x === x && other.y === y)) break;
  }
  return { x, y, ...fitted(last, area) };
}

function canBeGripped({ x, y, width }: Rectangle, area: Rectangle): boolean {
  const shown = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  return shown >= Math.min(GRIP.width, width) && y >= area.y - GRIP.cut && y + GRIP.height <= area.y + area.height;
}

function fitted(size: Rectangle, area: Rectangle | undefined): { width: number; height: number } {
  const { width, height } = area ?? size;
  return { width: Math.min(size.width, width), height: Math.min(size.height, height) };
}
