import { sideOf } from './png.ts';

const HEADER_BYTES = 6;
const ENTRY_BYTES = 16;
const TYPE_ICON = 1;
/** The side is stored in one byte, where 0 means 256. */
const MAX_SIDE = 256;

/**
 * Encodes a Windows icon: a header (ICONDIR), one ICONDIRENTRY per picture, then the pictures as PNG files, which
 * Windows reads since Vista. All numbers are little-endian. Format: Microsoft, "Icons" (Win32 resources), ICONDIR.
 * @param pngs square PNGs with alpha, at most 256 pixels a side, in ascending size
 */
export function encodeIco(pngs: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(HEADER_BYTES + ENTRY_BYTES * pngs.length);
  header.writeUInt16LE(TYPE_ICON, 2);
  header.writeUInt16LE(pngs.length, 4);
  let offset = header.length;
  for (const [i, png] of pngs.entries()) {
    const side = sideOf(png);
    if (side > MAX_SIDE) throw new Error(`an .ico holds up to ${MAX_SIDE} pixels a side, not ${side}`);
    const at = HEADER_BYTES + ENTRY_BYTES * i;
    header.writeUInt8(side % MAX_SIDE, at);
    header.writeUInt8(side % MAX_SIDE, at + 1);
    header.writeUInt16LE(1, at + 4); // colour planes
    header.writeUInt16LE(32, at + 6); // bits per pixel
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...pngs]);
}

/**
 * Reads the pictures of an icon file in the format of `encodeIco`.
 * @throws {Error} if the directory does not match the file
 */
export function decodeIco(file: Buffer): Buffer[] {
  if (file.readUInt16LE(0) !== 0 || file.readUInt16LE(2) !== TYPE_ICON) throw new Error('not an icon');
  return Array.from({ length: file.readUInt16LE(4) }, (_, i) => {
    const at = HEADER_BYTES + ENTRY_BYTES * i;
    const length = file.readUInt32LE(at + 8);
    const offset = file.readUInt32LE(at + 12);
    const png = file.subarray(offset, offset + length);
    if (png.length !== length) throw new Error(`picture ${i} reaches beyond the end`);
    if (file.readUInt8(at) !== sideOf(png) % MAX_SIDE)
      throw new Error(`picture ${i} has another size than the directory says`);
    return png;
  });
}
