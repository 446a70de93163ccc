import { damaged, unsupported } from '../audio-file-error.ts';
import { ascii, ByteReader, type ByteSource, viewOf } from './byte-source.ts';
import { crc8, crc16 } from './crc.ts';
import { isPossibleRate } from './sample-rate.ts';
import type { Packet, PacketSound } from './sound.ts';

// The FLAC format: RFC 9639. The browser decodes its frames; here they are found in the file.

const STREAM_INFO = 0;
const STREAM_INFO_BYTES = 34;
/** The longest header: sync and codes (4), number (7), block size (2), rate (2), CRC (1). */
const MAX_HEADER_BYTES = 16;
/** No frame is longer: 65,535 samples of 32 bits on 8 channels. */
const MAX_FRAME_BYTES = 2 ** 21 + 1024;
const FIRST_READ_BYTES = 32 * 1024;
/** An ID3v1 tag behind the last frame, which some programs append. */
const TAG_BYTES = 128;

/**
 * Opens a FLAC file. @param reader at the `fLaC` marker
 * @throws {AudioFileError} `import_damaged`, `import_unsupported`
 */
export async function openFlac(source: ByteSource, start: number): Promise<PacketSound & { reader: ByteReader }> {
  const reader = new ByteReader(source, start);
  await reader.take(4);
  let info: Uint8Array<ArrayBuffer> | null = null;
  for (let isLast = false; !isLast; ) {
    const head = await reader.take(4);
    isLast = ((head[0] as number) & 0x80) !== 0;
    const length = viewOf(head).getUint32(0) & 0xff_ffff;
    if (((head[0] as number) & 0x7f) === STREAM_INFO && length >= STREAM_INFO_BYTES) {
      info = (await reader.peek(STREAM_INFO_BYTES)).slice();
    }
    reader.skip(length);
  }
  if (info === null || info.length < STREAM_INFO_BYTES) throw damaged();
  const view = viewOf(info);
  const packed = view.getUint32(10);
  const rate = packed >>> 12;
  const channels = ((packed >>> 9) & 7) + 1;
  const total = (view.getUint8(13) & 15) * 2 ** 32 + view.getUint32(14);
  if (!isPossibleRate(rate)) throw unsupported();
  // As in a file: the marker, and STREAMINFO as the only block (WebCodecs FLAC registration, section 3).
  const description = new Uint8Array([0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, STREAM_INFO_BYTES, ...info]);
  return {
    reader,
    config: { codec: 'flac', sampleRate: rate, numberOfChannels: channels, description },
    skip: 0,
    length: () => total || Number.POSITIVE_INFINITY,
    gain: 1,
    async *packets() {
      for (;;) {
        const frame = await nextFrame(reader);
        if (frame === null) return;
        yield frame;
      }
    },
  };
}

/** @returns null at the end of the file. A last frame that is cut off is left out. */
async function nextFrame(reader: ByteReader): Promise<Packet | null> {
  let bytes = await reader.peek(FIRST_READ_BYTES);
  if (bytes.length === 0) return null;
  const header = frameHeader(bytes, 0);
  if (header === null) {
    if (bytes.length <= TAG_BYTES) return null;
    throw damaged();
  }
  /** CRC of the bytes before `at`. */
  let crc = crc16(bytes, 0, header.bytes);
  for (let at = header.bytes; ; at++) {
    if (at + 2 + MAX_HEADER_BYTES > bytes.length && bytes.length < reader.left) {
      if (bytes.length > MAX_FRAME_BYTES) throw damaged();
      bytes = await reader.peek(2 * bytes.length);
    }
    if (at + 2 > bytes.length) return null;
    // The CRC is the frame's last two bytes, and the next frame or the end follows.
    if (crc === (((bytes[at] as number) << 8) | (bytes[at + 1] as number)) && isFrameEnd(bytes, at + 2, header.sync)) {
      const data = bytes.slice(0, at + 2);
      reader.skip(data.length);
      return { data, frames: header.blockSize };
    }
    crc = crc16(bytes, at, at + 1, crc);
  }
}

function isFrameEnd(bytes: Uint8Array, at: number, sync: number): boolean {
  if (at === bytes.length) return true;
  if (bytes.length - at === TAG_BYTES && ascii(bytes, at, 3) === 'TAG') return true;
  return bytes[at] === 0xff && bytes[at + 1] === sync && frameHeader(bytes, at) !== null;
}

/** Parses a frame's header (RFC 9639 section 9.1). @returns null if there is none at `at` */
function frameHeader(bytes: Uint8Array, at: number): { bytes: number; blockSize: number; sync: number } | null {
  const [first, sync, codes, layout, number] = bytes.subarray(at, at + 5) as unknown as number[];
  if (first !== 0xff || sync === undefined || (sync & 0xfe) !== 0xf8) return null;
  if (codes === undefined || layout === undefined || number === undefined) return null;
  const sizeCode = codes >> 4;
  const rateCode = codes & 15;
  if (sizeCode === 0 || rateCode === 15 || layout >> 4 > 10 || (layout & 1) !== 0) return null;
  // The number is coded as in UTF-8: as many bytes as the first one has leading ones.
  const ones = Math.clz32(~(number << 24));
  if (ones === 1 || ones > 7) return null;
  let end = at + 4 + Math.max(1, ones);
  let blockSize = sizeCode === 1 ? 192 : sizeCode < 6 ? 576 << (sizeCode - 2) : 256 << (sizeCode - 8);
  if (sizeCode === 6) blockSize = (bytes[end++] as number) + 1;
  if (sizeCode === 7) {
    blockSize = (((bytes[end] as number) << 8) | (bytes[end + 1] as number)) + 1;
    end += 2;
  }
  end += rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0;
  if (end >= bytes.length || crc8(bytes, at, end) !== bytes[end]) return null;
  return { bytes: end + 1 - at, blockSize, sync };
}
