/** The first eight bytes of every PNG (PNG specification, section 5.2). */
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Colour type "truecolour with alpha" (PNG specification, section 11.2.1). */
const RGBA = 6;

export interface PngHeader {
  /** Pixels. */
  width: number;
  height: number;
  hasAlpha: boolean;
}

/**
 * Reads the signature and the IHDR chunk, which is always the first.
 * @throws {Error} if the bytes are not the start of a PNG
 */
export function readPngHeader(bytes: Buffer): PngHeader {
  if (bytes.length < 33 || !bytes.subarray(0, 8).equals(SIGNATURE) || bytes.toString('latin1', 12, 16) !== 'IHDR') {
    throw new Error('not a PNG');
  }
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), hasAlpha: bytes.readUInt8(25) === RGBA };
}

/**
 * The side in pixels of a square PNG with alpha.
 * @throws {Error} for any other picture
 */
export function sideOf(png: Buffer): number {
  const { width, height, hasAlpha } = readPngHeader(png);
  if (width !== height || !hasAlpha) throw new Error(`an icon is a square with alpha, this is ${width} by ${height}`);
  return width;
}
