import { ByteReader, type ByteSource } from './byte-source.ts';
import type { Packet, PacketSound } from './sound.ts';

// AAC without a container (ADTS): ISO/IEC 13818-7 section 6.2. The browser decodes the frames; here they are found.

/** Rates by the index in the header. */
const RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
] as const;
const HEADER_BYTES = 7;
const CHECKSUM_BYTES = 2;
/** Samples per channel in each frame. */
const FRAME_LENGTH = 1_024;

interface FrameHeader {
  profile: number;
  rateIndex: number;
  channels: number;
  headerBytes: number;
  /** With the header. */
  bytes: number;
}

/** @returns null if there is no frame at `at`, or one whose channels the header does not tell */
function frameHeader(bytes: Uint8Array, at: number): FrameHeader | null {
  const [a, b, c, d, e, f, g] = bytes.subarray(at, at + HEADER_BYTES) as unknown as number[];
  if (a !== 0xff || b === undefined || c === undefined || d === undefined) return null;
  if (e === undefined || f === undefined || g === undefined || (b & 0xf6) !== 0xf0) return null;
  const header = {
    profile: c >> 6,
    rateIndex: (c >> 2) & 15,
    channels: ((c & 1) << 2) | (d >> 6),
    headerBytes: HEADER_BYTES + ((b & 1) === 0 ? CHECKSUM_BYTES : 0),
    bytes: ((d & 3) << 11) | (e << 3) | (f >> 5),
  };
  // More than one block in a frame is rare, and decoders do not accept it.
  const isUsable = header.rateIndex < RATES.length && header.channels > 0 && (g & 3) === 0;
  return isUsable && header.bytes > header.headerBytes ? header : null;
}

/**
 * Opens AAC in ADTS.
 * @param start position behind the tags at the start of the file
 * @returns null if there are no two frames, one behind the other
 */
export async function openAdts(
  source: ByteSource,
  start: number,
): Promise<(PacketSound & { reader: ByteReader }) | null> {
  const reader = new ByteReader(source, start);
  const header = frameHeader(await reader.peek(HEADER_BYTES), 0);
  if (header === null) return null;
  const both = await reader.peek(header.bytes + HEADER_BYTES);
  if (frameHeader(both, header.bytes)?.rateIndex !== header.rateIndex) return null;
  const { profile, rateIndex, channels } = header;
  const kind = profile + 1;
  return {
    reader,
    config: {
      codec: `mp4a.40.${kind}`,
      sampleRate: RATES[rateIndex] as number,
      // Eight channels have the number 7.
      numberOfChannels: channels === 7 ? 8 : channels,
      // AudioSpecificConfig (ISO/IEC 14496-3 section 1.6.2.1): kind (5 bits), rate (4), channels (4).
      description: Uint8Array.of((kind << 3) | (rateIndex >> 1), ((rateIndex & 1) << 7) | (channels << 3)),
    },
    skip: 0,
    length: () => Number.POSITIVE_INFINITY,
    gain: 1,
    packets: () => packetsOf(reader),
  };
}

async function* packetsOf(reader: ByteReader): AsyncGenerator<Packet, void, undefined> {
  for (;;) {
    const bytes = await reader.peek(HEADER_BYTES);
    if (bytes.length < HEADER_BYTES) return;
    const header = frameHeader(bytes, 0);
    if (header === null) {
      // Damage in the middle, or a tag at the end: go on at the next frame.
      reader.skip(1);
      continue;
    }
    const frame = await reader.peek(header.bytes);
    if (frame.length < header.bytes) return;
    reader.skip(header.bytes);
    yield { data: frame.slice(header.headerBytes), frames: FRAME_LENGTH };
  }
}
