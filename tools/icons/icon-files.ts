import { createHash } from 'node:crypto';
import { ICNS_CHUNKS } from './icns.ts';

/** The drawings, under `build/`. */
export const DRAWINGS = [
  'icon.svg',
  'icon-small.svg',
  'tray/idle.svg',
  'tray/listening.svg',
  'tray/idle-template.svg',
  'tray/listening-template.svg',
  'tray/paused.svg',
  'tray/paused-template.svg',
  'taskbar/recording.svg',
  'taskbar/paused.svg',
  'taskbar/app-recording.svg',
  'taskbar/app-paused.svg',
] as const;
export type Drawing = (typeof DRAWINGS)[number];

/** A picture to draw: square, with a transparent background. */
export interface Picture {
  drawing: Drawing;
  /** Length of a side. */
  pixels: number;
  /** Size of the centred drawing as a share of the side; 1: all of it. */
  scale: number;
}

/** The small drawing is used up to this size, where the details of the full one would blur. */
const SMALL_PIXELS = 32;
/** Size of the tile in each drawing, as a share of its side. */
const TILE = { 'icon.svg': 896 / 1024, 'icon-small.svg': 1 } as const;
/** Size of the tile in Apple's icon grid; the margin is for the shadow. */
const MAC_TILE = 824 / 1024;

export const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024] as const;
export const ICO_SIZES = [16, 20, 24, 32, 40, 48, 64, 128, 256] as const;
export const ICNS_SIZES: readonly number[] = [...new Set(ICNS_CHUNKS.map(([, pixels]) => pixels))];

/** The app's icon for Windows and Linux. */
export function appPicture(pixels: number): Picture {
  return { drawing: drawingFor(pixels), pixels, scale: 1 };
}

/** The app's icon for macOS, where every tile has the same margin. */
export function macPicture(pixels: number): Picture {
  const drawing = drawingFor(pixels);
  return { drawing, pixels, scale: MAC_TILE / TILE[drawing] };
}

function drawingFor(pixels: number): 'icon.svg' | 'icon-small.svg' {
  return pixels <= SMALL_PIXELS ? 'icon-small.svg' : 'icon.svg';
}

/**
 * The files under `build/` with a single picture. For tray icons, Electron finds the `@2x` version by its name, and
 * macOS colours those whose name ends in `Template`.
 */
export function pictureFiles(): Map<string, Picture> {
  const files = new Map<string, Picture>();
  for (const pixels of LINUX_SIZES) files.set(`icons/${pixels}x${pixels}.png`, appPicture(pixels));
  for (const [name, drawing] of [
    ['tray', 'tray/idle.svg'],
    ['trayListening', 'tray/listening.svg'],
    ['trayTemplate', 'tray/idle-template.svg'],
    ['trayListeningTemplate', 'tray/listening-template.svg'],
    ['trayPaused', 'tray/paused.svg'],
    ['trayPausedTemplate', 'tray/paused-template.svg'],
  ] as const) {
    files.set(`tray/${name}.png`, { drawing, pixels: 16, scale: 1 });
    files.set(`tray/${name}@2x.png`, { drawing, pixels: 32, scale: 1 });
  }
  // Windows draws its mark at 16 pixels and scales it; the icon of a window on Linux is passed in one size.
  for (const state of ['recording', 'paused'] as const) {
    files.set(`taskbar/${state}.png`, { drawing: `taskbar/${state}.svg`, pixels: 32, scale: 1 });
    files.set(`taskbar/app-${state}.png`, { drawing: `taskbar/app-${state}.svg`, pixels: 128, scale: 1 });
  }
  return files;
}

/** The file under `build/` with the hashes of the drawings that the icons were made from. */
export const SOURCES_FILE = 'icon-sources.json';

/** SHA-256 of a drawing in hex, computed with `\n` line endings, because a checkout on Windows may change them. */
export function hashOf(svg: string): string {
  return createHash('sha256').update(svg.replaceAll('\r\n', '\n')).digest('hex');
}
