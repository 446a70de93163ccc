import { ascii, ByteReader, type ByteSource, viewOf } from './byte-source.ts';
import type { Packet, PacketSound } from './sound.ts';

// MPEG audio, layer III: ISO/IEC 11172-3 and 13818-3. The browser decodes its frames; here they are found in the file.

/** kbit/s by the index in the header; 0: free format, which is not supported. */
const BITRATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320] as const;
const BITRATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160] as const;
const RATES = [44_100, 48_000, 32_000] as const;
/** Delay of every decoder, in samples, as encoders count it. */
const DECODER_DELAY = 529;
/** Bytes between tag and first frame that are searched. */
const SEARCH_BYTES = 64 * 1024;

interface FrameHeader {
  bytes: number;
  frames: number;
  rate: number;
  channels: number;
  /** Where a Xing tag would be. */
  tagAt: number;
}

/** Parses a frame's four bytes. @returns null if there is no frame of layer III at `at` */
function frameHeader(bytes: Uint8Array, at: number): FrameHeader | null {
  const [a, b, c, d] = bytes.subarray(at, at + 4) as unknown as number[];
  if (a !== 0xff || b === undefined || c === undefined || d === undefined) return null;
  const version = (b >> 3) & 3;
  if ((b & 0xe0) !== 0xe0 || version === 1 || ((b >> 1) & 3) !== 1) return null;
  const isFirst = version === 3;
  const bitrate = (isFirst ? BITRATES_1 : BITRATES_2)[c >> 4];
  const fullRate = RATES[(c >> 2) & 3];
  if (!bitrate || fullRate === undefined) return null;
  const rate = isFirst ? fullRate : version === 2 ? fullRate / 2 : fullRate / 4;
  const frames = isFirst ? 1_152 : 576;
  const channels = d >> 6 === 3 ? 1 : 2;
  return {
    bytes: Math.floor(((frames / 8) * bitrate * 1_000) / rate) + ((c >> 1) & 1),
    frames,
    rate,
    channels,
    tagAt: at + 4 + (isFirst ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17),
  };
}

/** Position of the first frame that another one or the end follows; null: this is no MP3 file. */
async function firstFrame(source: ByteSource, start: number): Promise<number | null> {
  const bytes = await new ByteReader(source, start).peek(SEARCH_BYTES);
  for (let at = 0; at + 4 <= bytes.length; at++) {
    const header = frameHeader(bytes, at);
    if (header === null) continue;
    const next = at + header.bytes;
    const after = frameHeader(bytes, next);
    const isEnd = start + next === source.size;
    if (isEnd || (after !== null && after.rate === header.rate)) return start + at;
  }
  return null;
}

/**
 * Opens an MP3 file.
 * @param start position behind the tags at the start of the file
 * @returns null if this is no MP3 file
 */
export async function openMp3(
  source: ByteSource,
  start: number,
): Promise<(PacketSound & { reader: ByteReader }) | null> {
  const at = await firstFrame(source, start);
  if (at === null) return null;
  const reader = new ByteReader(source, at);
  const bytes = await reader.peek(4_096);
  const header = frameHeader(bytes, 0) as FrameHeader;
  const padding = paddingOf(bytes, header);
  // The frame of the tag holds no sound.
  if (padding !== null) reader.skip(header.bytes);
  return {
    reader,
    config: { codec: 'mp3', sampleRate: header.rate, numberOfChannels: header.channels },
    skip: padding?.skip ?? 0,
    length: () => padding?.length ?? Number.POSITIVE_INFINITY,
    gain: 1,
    packets: () => packetsOf(reader),
  };
}

/**
 * Reads the Xing or Info tag, in which encoders say how much silence they added. @returns null if there is no tag
 */
function paddingOf(bytes: Uint8Array, { tagAt, frames }: FrameHeader): { skip: number; length: number } | null {
  const tag = ascii(bytes, tagAt, 4);
  if ((tag !== 'Xing' && tag !== 'Info') || tagAt + 144 > bytes.length) return null;
  const view = viewOf(bytes);
  const flags = view.getUint32(tagAt + 4);
  const count = (flags & 1) !== 0 ? view.getUint32(tagAt + 8) : 0;
  // Frames, bytes, table of contents and quality stand before the encoder's name, each only if its flag is set.
  const encoderAt =
    tagAt +
    8 +
    ((flags & 1) !== 0 ? 4 : 0) +
    ((flags & 2) !== 0 ? 4 : 0) +
    ((flags & 4) !== 0 ? 100 : 0) +
    ((flags & 8) !== 0 ? 4 : 0);
  const hasDelays = /^(LAME|Lav[cf]|GOGO)/.test(ascii(bytes, encoderAt, 4));
  const delays = hasDelays ? viewOf(bytes).getUint32(encoderAt + 20) & 0xff_ffff : 0;
  const delay = delays >> 12;
  const end = delays & 0xfff;
  return {
    skip: hasDelays ? delay + DECODER_DELAY : 0,
    length: count > 0 ? Math.max(0, count * frames - delay - end) : Number.POSITIVE_INFINITY,
  };
}

async function* packetsOf(reader: ByteReader): AsyncGenerator<Packet, void, undefined> {
  for (;;) {
    const bytes = await reader.peek(4);
    if (bytes.length < 4) return;
    const header = frameHeader(bytes, 0);
    if (header === null) {
      // Damage in the middle, or a tag at the end: go on at the next frame.
      reader.skip(1);
      continue;
    }
    const frame = await reader.peek(header.bytes);
    if (frame.length < header.bytes) return;
    reader.skip(header.bytes);
    yield { data: frame.slice(), frames: header.frames };
  }
}
