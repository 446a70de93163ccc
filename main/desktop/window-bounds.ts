import type { Point, Rectangle } from 'electron';
import { z } from 'zod';

/** Saved bounds of a window while neither maximised nor full screen, in device-independent pixels, and its mode. */
export const WindowState = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
  mode: z.enum(['normal', 'maximized', 'full_screen']),
});
export type WindowState = z.infer<typeof WindowState>;

/** Bounds of a new window. Without `x` and `y` Electron centres it. */
export interface WindowBounds {
  bounds: { width: number; height: number; x?: number; y?: number };
  mode: WindowState['mode'];
}

const DEFAULT_SIZE = { width: 960, height: 720 };
/** Offset of a window from the previous one, to the right and down (px): about the height of a title bar. */
const CASCADE = 28;
/** Part of a title bar that must be on a display so that the user can drag it (px); `cut` may be hidden at the top. */
const DRAG_AREA = { width: 120, height: 32, cut: 8 };

/** Largest offset of a window's content from its frame's corner (px). Larger than in any theme. */
const MAX_FRAME = { x: 64, y: 128 };

/**
 * The size of a window's frame on X11, where a window is positioned by its frame but reports the position of its
 * content. Pure.
 * @param requested position requested for the window
 * @param reported position reported after the window manager added the frame
 * @returns null if the difference can't be a frame: the window manager or the user has moved the window
 */
export function frameOffset(requested: Point, reported: Point): Point | null {
  const [x, y] = [reported.x - requested.x, reported.y - requested.y];
  const framed = x >= 0 && y >= 0 && x <= MAX_FRAME.x && y <= MAX_FRAME.y;
  return framed ? { x, y } : null;
}

/**
 * Chooses the bounds of a new window. The first window gets the saved bounds if its title bar would be reachable on a
 * connected display; further windows cascade. Pure.
 * @param areas work area of each display, without task bars and docks
 * @param open bounds of the open windows, the most recently used one last
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
  // Use the reduced size: a window that is made smaller may no longer reach the display.
  const area = areas.find((candidate) => isTitleBarReachable({ ...bounds, ...fitSize(bounds, candidate) }, candidate));
  const { width, height } = fitSize(bounds, area ?? areas[0]);
  return { bounds: area ? { x: bounds.x, y: bounds.y, width, height } : { width, height }, mode };
}

/**
 * The next free position of the cascade. Starts again at the display's corner when the window would leave the display.
 */
function cascade(last: Rectangle, areas: readonly Rectangle[], open: readonly Rectangle[]): Rectangle {
  const area = areas.find((candidate) => isTitleBarReachable(last, candidate)) ?? areas[0];
  let { x, y } = last;
  for (let step = 0; step <= open.length; step++) {
    x += CASCADE;
    y += CASCADE;
    if (area && (x + last.width > area.x + area.width || y + last.height > area.y + area.height)) ({ x, y } = area);
    if (!open.some((other) => other.x === x && other.y === y)) break;
  }
  return { x, y, ...fitSize(last, area) };
}

function isTitleBarReachable({ x, y, width }: Rectangle, area: Rectangle): boolean {
  const shown = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  return (
    shown >= Math.min(DRAG_AREA.width, width) &&
    y >= area.y - DRAG_AREA.cut &&
    y + DRAG_AREA.height <= area.y + area.height
  );
}

function fitSize(size: Rectangle, area: Rectangle | undefined): { width: number; height: number } {
  const { width, height } = area ?? size;
  return { width: Math.min(size.width, width), height: Math.min(size.height, height) };
}
