import type { Point, Rectangle } from 'electron';
import { z } from 'zod';

/** Size of the overlay in device-independent pixels. */
export const OVERLAY_SIZE = { width: 320, height: 64 } as const;
/** Distance from the edges of the display at first (px). */
const MARGIN = 24;

/** Saved position of the overlay's top left corner, in device-independent pixels. */
export const OverlayPosition = z.object({ x: z.int(), y: z.int() });

/**
 * Chooses where the overlay appears: at the saved position if all of it is on a connected display, else at the bottom
 * right of the first one. Pure.
 * @param areas work area of each display, without task bars and docks
 */
export function overlayBounds(saved: Point | null, areas: readonly Rectangle[]): Rectangle {
  const { width, height } = OVERLAY_SIZE;
  const isWhole = ({ x, y }: Point, area: Rectangle) =>
    x >= area.x && y >= area.y && x + width <= area.x + area.width && y + height <= area.y + area.height;
  if (saved && areas.some((area) => isWhole(saved, area))) return { ...saved, width, height };
  const area = areas[0] ?? { x: 0, y: 0, width: width + MARGIN, height: height + MARGIN };
  return { x: area.x + area.width - width - MARGIN, y: area.y + area.height - height - MARGIN, width, height };
}
