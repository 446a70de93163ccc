import { expect, test } from 'vitest';
import { animatedWebp } from './animated-webp.ts';

/** A WebP file of one chunk with this content. */
function webp(chunkName: string, content: string): Buffer {
  const chunk = Buffer.alloc(8 + content.length + (content.length % 2));
  chunk.write(chunkName, 0, 'latin1');
  chunk.writeUInt32LE(content.length, 4);
  chunk.write(content, 8, 'latin1');
  const header = Buffer.alloc(12);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(4 + chunk.length, 4);
  header.write('WEBP', 8, 'latin1');
  return Buffer.concat([header, chunk]);
}

const frame = { webp: webp('VP8L', 'first'), x: 0, y: 0, width: 900, height: 640, durationMs: 100 };

test('an animation has a header with its size, and each frame with its place, size and duration', () => {
  const second = { webp: webp('VP8L', 'second'), x: 20, y: 302, width: 3, height: 258, durationMs: 70_000 };
  const file = animatedWebp({ width: 900, height: 640 }, [frame, second]);
  expect(file.toString('latin1', 0, 4)).toBe('RIFF');
  expect(file.readUInt32LE(4)).toBe(file.length - 8);
  expect(file.toString('latin1', 8, 16)).toBe('WEBPVP8X');
  expect([file.readUIntLE(24, 3) + 1, file.readUIntLE(27, 3) + 1]).toEqual([900, 640]);
  expect(file.toString('latin1', 30, 34)).toBe('ANIM');
  const at = file.lastIndexOf('ANMF') + 8;
  const numbers = [0, 3, 6, 9, 12].map((offset) => file.readUIntLE(at + offset, 3));
  expect(numbers).toEqual([10, 151, 2, 257, 70_000]);
  expect(file.toString('latin1', at + 16, at + 20)).toBe('VP8L');
  expect(file.toString('latin1', at + 24, at + 30)).toBe('second');
});

test('a frame with an odd length is padded, so that the next one starts at an even place', () => {
  const file = animatedWebp({ width: 900, height: 640 }, [frame, frame]);
  expect(file.indexOf('ANMF', file.indexOf('ANMF') + 1) % 2).toBe(0);
});

test('a frame at an odd place, and a file that is no WebP, are refused', () => {
  expect(() => animatedWebp({ width: 9, height: 9 }, [{ ...frame, x: 1 }])).toThrow('even pixels');
  expect(() => animatedWebp({ width: 9, height: 9 }, [{ ...frame, webp: Buffer.from('GIF89a') }])).toThrow('WebP');
});
