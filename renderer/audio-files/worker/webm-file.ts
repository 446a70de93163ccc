import { damaged } from '../audio-file-error.ts';
import { ascii, ByteReader, type ByteSource, viewOf } from './byte-source.ts';
import { OPUS_RATE, opusPacketLength } from './opus-packet.ts';
import { isPossibleRate } from './sample-rate.ts';
import type { Packet, PacketSound } from './sound.ts';

// Opus and Vorbis in WebM, which browsers record: RFC 8794 (EBML), RFC 9559 (Matroska). The browser decodes the packets;
// here they are found in the file.

/** Identifiers of elements (RFC 9559 section 5). */
const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const TRACK_NUMBER = 0xd7;
const CODEC_ID = 0x86;
const CODEC_PRIVATE = 0x63a2;
const CONTENT_ENCODINGS = 0x6d80;
const AUDIO = 0xe1;
const SAMPLING_FREQUENCY = 0xb5;
const CHANNELS = 0x9f;
const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;
const SIMPLE_BLOCK = 0xa3;
/** Elements whose content is read element by element. Their size may be unknown, as in recordings of browsers. */
const ENTERED: ReadonlySet<number> = new Set([SEGMENT, CLUSTER, BLOCK_GROUP]);

/** How several packets are put into one block (section 10.3); the fourth way has sizes of variable length. */
const NO_LACING = 0;
const XIPH_LACING = 1;
const FIXED_LACING = 2;
/** The longest identifier (4) and size (8). */
const MAX_HEAD_BYTES = 12;
const MAX_TRACKS_BYTES = 2 ** 20;
/** A block that is larger than this is damage, or a picture. */
const MAX_BLOCK_BYTES = 2 ** 22;

/** @returns null at the end of the file. `size`: null if it is unknown */
async function nextElement(reader: ByteReader): Promise<{ id: number; size: number | null } | null> {
  const head = await reader.peek(MAX_HEAD_BYTES);
  if (head.length < 2) return null;
  const idBytes = lengthOf(head, 0);
  if (idBytes > 4) throw damaged();
  let id = 0;
  for (let n = 0; n < idBytes; n++) id = id * 256 + (head[n] ?? 0);
  const size = numberAt(head, idBytes);
  if (size === null) return null;
  reader.skip(idBytes + size.bytes);
  return { id, size: size.value };
}

/** Length of a number by the leading zeros of its first byte, 1..9. */
function lengthOf(bytes: Uint8Array, at: number): number {
  return Math.clz32(bytes[at] ?? 0) - 23;
}

/**
 * A number of variable length (RFC 8794 section 4).
 * @returns null if it is cut off. `value`: null if all its bits are set, which means an unknown size
 */
function numberAt(bytes: Uint8Array, at: number): { value: number | null; bytes: number } | null {
  const length = lengthOf(bytes, at);
  if (length > 8 || at + length > bytes.length) return null;
  let value = (bytes[at] as number) & (0xff >> length);
  let isUnknown = value === 0xff >> length;
  for (let n = 1; n < length; n++) {
    const byte = bytes[at + n] as number;
    isUnknown &&= byte === 0xff;
    value = value * 256 + byte;
  }
  return { value: isUnknown ? null : value, bytes: length };
}

/**
 * Opens the first Opus or Vorbis track of a WebM or Matroska file.
 * @returns null if there is none, or if it is compressed or encrypted once more
 * @throws {AudioFileError} `import_damaged`
 */
export async function openWebm(source: ByteSource): Promise<(PacketSound & { reader: ByteReader }) | null> {
  const reader = new ByteReader(source);
  for (;;) {
    const element = await nextElement(reader);
    if (element === null || element.id === CLUSTER) return null;
    if (element.id === TRACKS) {
      if (element.size === null || element.size > MAX_TRACKS_BYTES) throw damaged();
      const track = trackOf(await reader.take(element.size));
      return track && { ...track.sound, reader, packets: () => packetsOf(reader, track.number, track.framesOf) };
    }
    if (ENTERED.has(element.id)) continue;
    if (element.size === null) throw damaged();
    reader.skip(element.size);
  }
}

interface Track {
  number: number;
  sound: Omit<PacketSound, 'packets'>;
  framesOf(packet: Uint8Array): number;
}

function trackOf(tracks: Uint8Array<ArrayBuffer>): Track | null {
  for (const { id, content } of elementsIn(tracks)) {
    if (id !== TRACK_ENTRY) continue;
    const fields = new Map(elementsIn(content).map((field) => [field.id, field.content]));
    const codec = fields.get(CODEC_ID);
    const setUp = fields.get(CODEC_PRIVATE);
    if (codec === undefined || setUp === undefined || fields.has(CONTENT_ENCODINGS)) continue;
    const audio = new Map(elementsIn(fields.get(AUDIO) ?? new Uint8Array(0)).map((field) => [field.id, field.content]));
    const number = integerOf(fields.get(TRACK_NUMBER));
    const channels = audio.has(CHANNELS) ? integerOf(audio.get(CHANNELS)) : 1;
    const name = ascii(codec, 0, codec.length).replace(/\0+$/, '');
    const rest = { gain: 1, length: () => Number.POSITIVE_INFINITY };
    if (name === 'A_OPUS' && setUp.length >= 19 && channels >= 1 && channels <= 2) {
      const config = { codec: 'opus', sampleRate: OPUS_RATE, numberOfChannels: channels };
      const skip = viewOf(setUp).getUint16(10, true);
      return { number, sound: { ...rest, config, skip }, framesOf: opusPacketLength };
    }
    const rate = floatOf(audio.get(SAMPLING_FREQUENCY));
    if (name === 'A_VORBIS' && channels >= 1 && isPossibleRate(rate)) {
      const config = { codec: 'vorbis', sampleRate: rate, numberOfChannels: channels, description: setUp.slice() };
      // Only the decoder's timestamps depend on it.
      return { number, sound: { ...rest, config, skip: 0 }, framesOf: () => 1_024 };
    }
  }
  return null;
}

/** The elements in the content of another one. Ends at damage. */
function elementsIn(content: Uint8Array<ArrayBuffer>): { id: number; content: Uint8Array<ArrayBuffer> }[] {
  const found: { id: number; content: Uint8Array<ArrayBuffer> }[] = [];
  for (let at = 0; at < content.length; ) {
    const idBytes = lengthOf(content, at);
    const size = numberAt(content, at + idBytes);
    if (idBytes > 4 || size === null || size.value === null) break;
    const start = at + idBytes + size.bytes;
    if (start + size.value > content.length) break;
    found.push({
      id: integerOf(content.subarray(at, at + idBytes)),
      content: content.subarray(start, start + size.value),
    });
    at = start + size.value;
  }
  return found;
}

function integerOf(bytes: Uint8Array | undefined): number {
  return bytes === undefined ? 0 : bytes.reduce((value, byte) => value * 256 + byte, 0);
}

function floatOf(bytes: Uint8Array | undefined): number {
  if (bytes?.length === 4) return viewOf(bytes).getFloat32(0);
  return bytes?.length === 8 ? viewOf(bytes).getFloat64(0) : 0;
}

async function* packetsOf(
  reader: ByteReader,
  track: number,
  framesOf: (packet: Uint8Array) => number,
): AsyncGenerator<Packet, void, undefined> {
  for (;;) {
    const element = await nextElement(reader);
    if (element === null) return;
    const { id, size } = element;
    if (ENTERED.has(id)) continue;
    if (size === null) throw damaged();
    if (id !== SIMPLE_BLOCK && id !== BLOCK) {
      reader.skip(size);
      continue;
    }
    if (size > MAX_BLOCK_BYTES) throw damaged();
    // A last block that is cut off is left out.
    if (reader.left < size) return;
    for (const data of packetsIn(await reader.take(size), track)) {
      const frames = framesOf(data);
      if (frames > 0) yield { data, frames };
    }
  }
}

/** The packets in a block (RFC 9559 section 10); none if it is of another track. */
function packetsIn(block: Uint8Array<ArrayBuffer>, track: number): Uint8Array<ArrayBuffer>[] {
  const number = numberAt(block, 0);
  if (number === null) throw damaged();
  if (number.value !== track) return [];
  // Behind the number: a time (2) and flags (1).
  const at = number.bytes + 3;
  const lacing = ((block[at - 1] ?? 0) >> 1) & 3;
  if (lacing === NO_LACING) return [block.slice(at)];
  const { sizes, end } = lacedSizes(block, at, lacing);
  const last = block.length - end - sizes.reduce((sum, size) => sum + size, 0);
  let from = end;
  return [...sizes, last].map((size) => {
    if (size < 0 || from + size > block.length) throw damaged();
    from += size;
    return block.slice(from - size, from);
  });
}

/** The sizes of the packets in a block but the last one, and the position of the first packet. */
function lacedSizes(block: Uint8Array, at: number, lacing: number): { sizes: number[]; end: number } {
  const count = block[at] ?? 0;
  let end = at + 1;
  if (lacing === FIXED_LACING) {
    const size = (block.length - end) / (count + 1);
    if (!Number.isInteger(size)) throw damaged();
    return { sizes: new Array<number>(count).fill(size), end };
  }
  const sizes: number[] = [];
  for (let n = 0; n < count; n++) {
    if (lacing === XIPH_LACING) {
      let size = 0;
      let byte = 255;
      while (byte === 255) {
        byte = block[end++] ?? 0;
        size += byte;
      }
      sizes.push(size);
      continue;
    }
    const number = numberAt(block, end);
    if (number === null || number.value === null) throw damaged();
    end += number.bytes;
    // The first size, then differences, which are stored with an offset so that they can be negative.
    sizes.push(n === 0 ? number.value : (sizes[n - 1] as number) + number.value - (2 ** (7 * number.bytes - 1) - 1));
  }
  return { sizes, end };
}
