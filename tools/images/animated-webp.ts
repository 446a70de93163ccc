/** One frame of an animation. It is drawn over the frames before it. */
export interface WebpFrame {
  /** A WebP file with a single picture. */
  webp: Buffer;
  /** Place of the picture on the canvas, in pixels. Both must be even. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** How long the frame is shown, in ms. */
  durationMs: number;
}

export interface Canvas {
  width: number;
  height: number;
}

/** Flags of the header: the file has an animation, and pictures with transparent pixels. */
const ANIMATION_AND_ALPHA = 0x12;
/** Chunks of a single picture that belong to its frame. */
const PICTURE_CHUNKS = new Set(['ALPH', 'VP8 ', 'VP8L']);
const CHUNK_HEADER = 8;
const RIFF_HEADER = 12;

/**
 * Joins pictures to an animation that repeats for ever (WebP Container Specification, "Animation").
 * @throws {Error} if a frame has an odd place or is no WebP file
 */
export function animatedWebp({ width, height }: Canvas, frames: readonly WebpFrame[]): Buffer {
  const header = Buffer.alloc(10);
  header.writeUInt8(ANIMATION_AND_ALPHA, 0);
  header.writeUIntLE(width - 1, 4, 3);
  header.writeUIntLE(height - 1, 7, 3);
  // The background colour and the number of repetitions: transparent, and no end.
  const animation = Buffer.alloc(6);
  const body = [
    chunk('VP8X', header),
    chunk('ANIM', animation),
    ...frames.map((frame) => chunk('ANMF', encode(frame))),
  ];
  return riff(Buffer.concat(body));
}

function encode({ webp, x, y, width, height, durationMs }: WebpFrame): Buffer {
  if (x % 2 !== 0 || y % 2 !== 0) throw new Error(`a frame must start at even pixels, not at ${x}, ${y}`);
  const header = Buffer.alloc(16);
  header.writeUIntLE(x / 2, 0, 3);
  header.writeUIntLE(y / 2, 3, 3);
  header.writeUIntLE(width - 1, 6, 3);
  header.writeUIntLE(height - 1, 9, 3);
  header.writeUIntLE(durationMs, 12, 3);
  return Buffer.concat([header, ...pictureChunks(webp)]);
}

/** The chunks of a WebP file that hold its picture, with their headers. */
function pictureChunks(webp: Buffer): Buffer[] {
  const isWebp = webp.toString('latin1', 0, 4) === 'RIFF' && webp.toString('latin1', 8, 12) === 'WEBP';
  const found: Buffer[] = [];
  for (let at = RIFF_HEADER; isWebp && at + CHUNK_HEADER <= webp.length; ) {
    const length = webp.readUInt32LE(at + 4);
    const end = at + CHUNK_HEADER + length + (length % 2);
    if (PICTURE_CHUNKS.has(webp.toString('latin1', at, at + 4))) found.push(webp.subarray(at, end));
    at = end;
  }
  if (found.length === 0) throw new Error('not a WebP file with a picture');
  return found;
}

function chunk(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(CHUNK_HEADER);
  header.write(name, 'latin1');
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
}

function riff(content: Buffer): Buffer {
  return chunk('RIFF', Buffer.concat([Buffer.from('WEBP', 'latin1'), content]));
}
