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
] as const;
export type Drawing = (typeof DRAWINGS)[number];

/** One picture to be drawn: square, with a clear background. */
export interface Picture {
  drawing: Drawing;
  /** A side. */
  pixels: number;
  /** How much of the side the drawing takes, in its middle: 1 for all of it. */
  scale: number;
}

/** Up to this many pixels the full drawing runs together: the small one takes its place. */
const SMALL_PIXELS = 32;
/** What the tile takes of each drawing's own side. */
const TILE = { 'icon.svg': 896 / 1024, 'icon-small.svg': 1 } as const;
/** What Apple's icon grid leaves for the tile; the rest is room for the shadow. */
const MAC_TILE = 824 / 1024;

export const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024] as const;
export const ICO_SIZES = [16, 20, 24, 32, 40, 48, 64, 128, 256] as const;
export const ICNS_SIZES: readonly number[] = [...new Set(ICNS_CHUNKS.map(([, pixels]) => pixels))];

/** The app's icon for Windows and Linux. */
export function appPicture(pixels: number): Picture {
  return { drawing: drawingFor(pixels), pixels, scale: 1 };
}

/** The app's icon for macOS, where every tile has the same room around it. */
export function macPicture(pixels: number): Picture {
  const drawing = drawingFor(pixels);
  return { drawing, pixels, scale: MAC_TILE / TILE[drawing] };
}

function drawingFor(pixels: number): 'icon.svg' | 'icon-small.svg' {
  return pixels <= SMALL_PIXELS ? 'icon-small.svg' : 'icon.svg';
}

/**
 * Every file that holds one picture, under `build/`. Of the tray's, Electron finds `@2x` beside the plain name by
 * itself; a name that ends in `Template` is coloured by macOS.
 */
export function pictureFiles(): Map<string, Picture> {
  const files = new Map<string, Picture>();
  for (const pixels of LINUX_SIZES) files.set(`icons/${pixels}x${pixels}.png`, appPicture(pixels));
  for (const [name, drawing] of [
    ['tray', 'tray/idle.svg'],
    ['trayListening', 'tray/listening.svg'],
    ['trayTemplate', 'tray/idle-template.svg'],
    ['trayListeningTemplate', 'tray/listening-template.svg'],
  ] as const) {
    files.set(`tray/${name}.png`, { drawing, pixels: 16, scale: 1 });
    files.set(`tray/${name}@2x.png`, { drawing, pixels: 32, scale: 1 });
  }
  return files;
}

/** The file under `build/` that tells from which drawings the icons were made. */
export const SOURCES_FILE = 'icon-sources.json';

/** SHA-256 of a drawing, in hex. A checkout on Windows may have changed its line ends. */
export function hashOf(svg: string): string {
  return createHash('sha256').update(svg.replaceAll('\r\n', '\n')).digest('hex');
}
