import { sideOf } from './png.ts';

const MAGIC = 'icns';
const CHUNK_HEADER_BYTES = 8;

/**
 * The chunk types that contain a PNG, with the length of its side in pixels. Some sizes occur twice: `ic08` is 256
 * points, `ic13` 128 points @2x. There is none for 16 and 32 points at 1x, for which macOS scales the @2x pictures
 * down.
 */
export const ICNS_CHUNKS: readonly (readonly [type: string, pixels: number])[] = [
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
];

/**
 * Encodes a macOS icon: "icns", the length of the file, then the chunks. A chunk is a type of four letters, its length
 * including this header of eight bytes, and a PNG. All numbers are big-endian. Apple publishes no specification; the
 * types are those that its `iconutil` writes, described as "Apple Icon Image format".
 * @param pngOf returns a square PNG with alpha, of this many pixels a side
 */
export function encodeIcns(pngOf: (pixels: number) => Buffer): Buffer {
  const chunks = ICNS_CHUNKS.map(([type, pixels]) => {
    const png = pngOf(pixels);
    if (sideOf(png) !== pixels) throw new Error(`${type} takes ${pixels} pixels a side, not ${sideOf(png)}`);
    return chunk(type, png);
  });
  return chunk(MAGIC, Buffer.concat(chunks));
}

function chunk(type: string, content: Buffer): Buffer {
  const header = Buffer.alloc(CHUNK_HEADER_BYTES);
  header.write(type, 'latin1');
  header.writeUInt32BE(CHUNK_HEADER_BYTES + content.length, 4);
  return Buffer.concat([header, content]);
}

/**
 * Reads the chunks of an icon file, in order.
 * @throws {Error} if its lengths are inconsistent
 */
export function decodeIcns(file: Buffer): { type: string; content: Buffer }[] {
  if (file.toString('latin1', 0, 4) !== MAGIC || file.readUInt32BE(4) !== file.length) throw new Error('not an icns');
  const chunks: { type: string; content: Buffer }[] = [];
  for (let at = CHUNK_HEADER_BYTES; at < file.length; ) {
    const length = file.readUInt32BE(at + 4);
    if (length < CHUNK_HEADER_BYTES || at + length > file.length) throw new Error('a chunk has an impossible length');
    chunks.push({
      type: file.toString('latin1', at, at + 4),
      content: file.subarray(at + CHUNK_HEADER_BYTES, at + length),
    });
    at += length;
  }
  return chunks;
}
