import { chromium, type Page } from '@playwright/test';
import { animatedWebp, type WebpFrame } from '../../tools/images/animated-webp.ts';

/** One picture of a recorded window. */
export interface RecordedFrame {
  png: Buffer;
  /** Since the start of the recording, in ms. */
  atMs: number;
  /** Where to draw the mouse pointer, in CSS pixels; null: nowhere. */
  pointer: { x: number; y: number } | null;
}

/** What a page returns for a frame that differs from the one before it. */
interface EncodedFrame extends Omit<WebpFrame, 'webp' | 'durationMs'> {
  atMs: number;
  base64: string;
}

/** Encodes pictures as WebP with the encoder of the tests' browser: single ones without loss. */
export interface PictureEncoder {
  still(png: Buffer): Promise<Buffer>;
  /** @param endMs when the last frame ends, in ms since the start of the recording */
  animation(frames: readonly RecordedFrame[], endMs: number): Promise<Buffer>;
  close(): Promise<void>;
}

export async function openPictureEncoder(): Promise<PictureEncoder> {
  const executablePath = process.env.EARSHOT_BROWSER;
  const browser = await chromium.launch(executablePath ? { executablePath } : {});
  const page = await browser.newPage();
  return {
    async still(png) {
      await page.evaluate(installEncoder);
      const [frame] = await encode(page, [{ png, atMs: 0, pointer: null }]);
      if (!frame) throw new Error('the picture could not be encoded');
      return Buffer.from(frame.base64, 'base64');
    },
    async animation(frames, endMs) {
      await page.evaluate(installEncoder);
      const encoded = await encode(page, frames);
      const [first] = encoded;
      if (!first) throw new Error('the animation has no frames');
      return animatedWebp(
        first,
        encoded.map(({ base64, atMs, ...place }, i) => ({
          ...place,
          webp: Buffer.from(base64, 'base64'),
          durationMs: Math.round((encoded[i + 1]?.atMs ?? endMs) - atMs),
        })),
      );
    },
    close: () => browser.close(),
  };
}

async function encode(page: Page, frames: readonly RecordedFrame[]): Promise<EncodedFrame[]> {
  const encoded: EncodedFrame[] = [];
  // One at a time: a page can't receive all of them at once.
  for (const { png, atMs, pointer } of frames) {
    const change = await page.evaluate(([base64, pointer]) => window.encodeChange(base64, pointer), [
      png.toString('base64'),
      pointer,
    ] as const);
    if (change) encoded.push({ ...change, atMs });
  }
  return encoded;
}

declare global {
  interface Window {
    /** Encodes what differs from the picture before; null: nothing. */
    encodeChange(base64: string, pointer: { x: number; y: number } | null): Promise<Omit<EncodedFrame, 'atMs'> | null>;
  }
}

/** Runs in a page, so it can use nothing from this file. Installs `encodeChange`, which starts without a picture. */
function installEncoder(): void {
  let before: ImageData | null = null;
  /** A mouse pointer of 12 by 19 pixels, whose tip is at 0, 0. */
  const arrow = new Path2D('M0 0v17l4-4 3 6 3-1-3-6h5z');

  window.encodeChange = async (base64, pointer) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no canvas');
    context.drawImage(bitmap, 0, 0);
    if (pointer) {
      context.translate(pointer.x, pointer.y);
      context.fillStyle = 'black';
      context.strokeStyle = 'white';
      context.lineWidth = 1.5;
      context.fill(arrow);
      context.stroke(arrow);
    }
    const now = context.getImageData(0, 0, width, height);
    const changed = before ? changedPart(before, now) : { x: 0, y: 0, width, height };
    if (!changed) return null;
    const canvas = new OffscreenCanvas(changed.width, changed.height);
    canvas.getContext('2d')?.putImageData(part(now, before, changed), 0, 0);
    // With quality 1, Chromium's WebP has no loss. The changes of an animation are too large for that.
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: before ? 0.9 : 1 });
    before = now;
    const encoded = new Uint8Array(await blob.arrayBuffer());
    return { ...changed, base64: btoa(Array.from(encoded, (byte) => String.fromCharCode(byte)).join('')) };
  };

  interface Rectangle {
    x: number;
    y: number;
    width: number;
    height: number;
  }

  /** The smallest rectangle at even pixels that holds all pixels that differ. */
  function changedPart(old: ImageData, now: ImageData): Rectangle | null {
    const [oldPixels, pixels] = [new Uint32Array(old.data.buffer), new Uint32Array(now.data.buffer)];
    let [left, top, right, bottom] = [now.width, now.height, -1, -1];
    for (let i = 0; i < pixels.length; i++) {
      if (pixels[i] === oldPixels[i]) continue;
      const [x, y] = [i % now.width, Math.floor(i / now.width)];
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
    if (right < 0) return null;
    left -= left % 2;
    top -= top % 2;
    return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  }

  /** A part of a picture in which pixels that did not change are transparent, so that they take no space. */
  function part(now: ImageData, old: ImageData | null, { x, y, width, height }: Rectangle): ImageData {
    const pixels = new Uint32Array(now.data.buffer);
    const oldPixels = old ? new Uint32Array(old.data.buffer) : null;
    const result = new ImageData(width, height);
    const target = new Uint32Array(result.data.buffer);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const at = (y + row) * now.width + x + column;
        if (pixels[at] !== oldPixels?.[at]) target[row * width + column] = pixels[at] ?? 0;
      }
    }
    return result;
  }
}
