import { damaged } from '../audio-file-error.ts';
import { ascii, type ByteSource, viewOf } from './byte-source.ts';
import { isPossibleRate } from './sample-rate.ts';
import type { Packet, PacketSound } from './sound.ts';

// AAC in MP4 (M4A): ISO/IEC 14496-12 (boxes), 14496-14 (esds). The browser decodes the packets; here they are found.

/** A description of the file that is larger than this is not read: 5 h of AAC need 4 MB. */
const MAX_MOOV_BYTES = 64 * 1024 * 1024;
const MAX_BOXES = 10_000;
/** A chunk of packets that is larger than this is damage; writers put about a second into one. */
const MAX_CHUNK_BYTES = 16 * 1024 * 1024;

/** Descriptor tags in `esds` (ISO/IEC 14496-1 section 7.2.2). */
const ES_DESCRIPTOR = 3;
const DECODER_CONFIG = 4;
const DECODER_SPECIFIC_INFO = 5;
const AAC = 0x40;

/**
 * Opens the first AAC track of an MP4 file.
 * @returns null if there is none, or if the file is in fragments: the browser decodes it as a whole then
 * @throws {AudioFileError} `import_damaged`
 */
export async function openMp4(source: ByteSource): Promise<(PacketSound & { reader: { position: number } }) | null> {
  const moov = await readMoov(source);
  if (moov === null) return null;
  const scale = box(moov, ['mvhd']);
  for (const trak of boxes(moov, 'trak')) {
    const handler = box(trak, ['mdia', 'hdlr']);
    if (handler === null || ascii(handler, 8, 4) !== 'soun') continue;
    const track = trackOf(trak, scale === null ? 0 : viewOf(scale).getUint32((scale[0] ?? 0) === 1 ? 20 : 12));
    if (track === null) continue;
    const reader = { position: 0 };
    return {
      ...track.sound,
      reader,
      packets: () => packetsOf(source, track.chunks, track.sizes, track.frames, reader),
    };
  }
  return null;
}

/** The content of the `moov` box; null if there is none. */
async function readMoov(source: ByteSource): Promise<Uint8Array | null> {
  let at = 0;
  for (let count = 0; count < MAX_BOXES && at + 8 <= source.size; count++) {
    const head = await source.read(at, Math.min(at + 16, source.size));
    const view = viewOf(head);
    let size = view.getUint32(0);
    let start = 8;
    if (size === 1 && head.length === 16) {
      size = view.getUint32(8) * 2 ** 32 + view.getUint32(12);
      start = 16;
    }
    if (size === 0) size = source.size - at;
    if (size < start) return null;
    if (ascii(head, 4, 4) === 'moov') {
      if (size > MAX_MOOV_BYTES || at + size > source.size) throw damaged();
      return source.read(at + start, at + size);
    }
    at += size;
  }
  return null;
}

/** The contents of the boxes of a type in a box. */
function boxes(content: Uint8Array, type: string): Uint8Array[] {
  const found: Uint8Array[] = [];
  const view = viewOf(content);
  for (let at = 0, count = 0; at + 8 <= content.length && count < MAX_BOXES; count++) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > content.length) break;
    if (ascii(content, at + 4, 4) === type) found.push(content.subarray(at + 8, at + size));
    at += size;
  }
  return found;
}

/** The content of the first box at a path; null if there is none. */
function box(content: Uint8Array, path: readonly string[]): Uint8Array | null {
  let found: Uint8Array | undefined = content;
  for (const type of path) {
    found = boxes(found, type)[0];
    if (found === undefined) return null;
  }
  return found;
}

interface Track {
  sound: Omit<PacketSound, 'packets'>;
  /** Position in the file and number of packets of each chunk. */
  chunks: { offset: number; packets: number }[];
  /** Bytes of each packet. */
  sizes: Uint32Array;
  /** Length of the n-th packet, in the track's time scale. */
  frames(n: number): number;
}

/** Damage shows as an index out of range. */
function trackOf(trak: Uint8Array, movieScale: number): Track | null {
  try {
    return parseTrack(trak, movieScale);
  } catch (cause) {
    throw damaged(cause);
  }
}

function parseTrack(trak: Uint8Array, movieScale: number): Track | null {
  const table = (type: string) => box(trak, ['mdia', 'minf', 'stbl', type]);
  const [mdhd, stsd, stsz, stsc, stts] = [box(trak, ['mdia', 'mdhd']), ...['stsd', 'stsz', 'stsc', 'stts'].map(table)];
  if (!mdhd || !stsd || !stsz || !stsc || !stts) return null;
  const config = configOf(stsd);
  const scale = viewOf(mdhd).getUint32(mdhd[0] === 1 ? 20 : 12);
  if (config === null || scale === 0) return null;
  const sizes = sizesOf(viewOf(stsz));
  const chunks = chunksOf(table('stco'), table('co64'), viewOf(stsc));
  // A file in fragments has its packets elsewhere.
  if (sizes.length === 0 || chunks.length === 0) return null;
  const toFrames = (time: number) => Math.round((time * config.sampleRate) / scale);
  const { skip, length } = editOf(box(trak, ['edts', 'elst']), movieScale, scale);
  const frames = durations(viewOf(stts));
  return {
    chunks,
    sizes,
    frames: (n) => toFrames(frames(n)),
    sound: { config, skip: toFrames(skip), length: () => toFrames(length), gain: 1 },
  };
}

/** The decoder's configuration from the sample description; null if it is not AAC. */
function configOf(stsd: Uint8Array): AudioDecoderConfig | null {
  const entry = boxes(stsd.subarray(8), 'mp4a')[0];
  if (entry === undefined) return null;
  const view = viewOf(entry);
  // QuickTime's versions 1 and 2 have more fields before the boxes.
  const more = [0, 16, 36][view.getUint16(8)];
  if (more === undefined) return null;
  const inner = entry.subarray(28 + more);
  const esds = box(inner, ['esds']) ?? box(inner, ['wave', 'esds']);
  const description = esds === null ? null : specificInfo(esds.subarray(4));
  if (description === null || description.length < 2) return null;
  const bits = viewOf(description).getUint16(0);
  const short = bits >> 11;
  const kind = short === 31 ? 32 + ((bits >> 5) & 63) : short;
  const sampleRate = view.getUint32(24) >>> 16;
  const numberOfChannels = view.getUint16(16);
  if (!isPossibleRate(sampleRate) || numberOfChannels < 1) return null;
  return { codec: `mp4a.40.${kind}`, sampleRate, numberOfChannels, description };
}

/** The AudioSpecificConfig in the descriptors of an `esds` box; null if it is not AAC. */
function specificInfo(bytes: Uint8Array): Uint8Array<ArrayBuffer> | null {
  let at = 0;
  const end = bytes.length;
  while (at + 2 <= end) {
    const tag = bytes[at++];
    let length = 0;
    for (let digits = 0; digits < 4; digits++) {
      const byte = bytes[at++] ?? 0;
      length = (length << 7) | (byte & 127);
      if (byte < 128) break;
    }
    if (tag === ES_DESCRIPTOR) {
      const flags = bytes[at + 2] ?? 0;
      at +=
        3 +
        ((flags & 128) !== 0 ? 2 : 0) +
        ((flags & 64) !== 0 ? 1 + (bytes[at + 3] ?? 0) : 0) +
        ((flags & 32) !== 0 ? 2 : 0);
    } else if (tag === DECODER_CONFIG) {
      if (bytes[at] !== AAC) return null;
      at += 13;
    } else if (tag === DECODER_SPECIFIC_INFO) {
      return bytes.slice(at, at + length);
    } else {
      at += length;
    }
  }
  return null;
}

function sizesOf(stsz: DataView): Uint32Array {
  const same = stsz.getUint32(4);
  const count = stsz.getUint32(8);
  // Each packet takes at least a byte of the file, and its size four bytes of the table.
  if (count > MAX_MOOV_BYTES) throw new RangeError('too many packets');
  if (same !== 0) return new Uint32Array(count).fill(same);
  return Uint32Array.from({ length: count }, (_, n) => stsz.getUint32(12 + 4 * n));
}

function chunksOf(stco: Uint8Array | null, co64: Uint8Array | null, stsc: DataView): Track['chunks'] {
  const offsets = viewOf(co64 ?? stco ?? new Uint8Array(8));
  const count = offsets.getUint32(4);
  const runs = stsc.getUint32(4);
  const chunks: Track['chunks'] = [];
  let run = 0;
  for (let n = 0; n < count && runs > 0; n++) {
    while (run + 1 < runs && stsc.getUint32(8 + 12 * (run + 1)) <= n + 1) run++;
    const at = 8 + (co64 ? 8 : 4) * n;
    const offset = co64 ? offsets.getUint32(at) * 2 ** 32 + offsets.getUint32(at + 4) : offsets.getUint32(at);
    chunks.push({ offset, packets: stsc.getUint32(8 + 12 * run + 4) });
  }
  return chunks;
}

/** The length of each packet, asked in order. */
function durations(stts: DataView): (n: number) => number {
  const runs = stts.getUint32(4);
  let run = 0;
  let from = 0;
  return (n) => {
    while (run + 1 < runs && n >= from + stts.getUint32(8 + 8 * run)) from += stts.getUint32(8 + 8 * run++);
    return runs === 0 ? 0 : stts.getUint32(8 + 8 * run + 4);
  };
}

/** What the edit list leaves of the track, in its time scale. Encoders put their delay there. */
function editOf(elst: Uint8Array | null, movieScale: number, scale: number): { skip: number; length: number } {
  const whole = { skip: 0, length: Number.POSITIVE_INFINITY };
  if (elst === null) return whole;
  const view = viewOf(elst);
  const is64 = elst[0] === 1;
  const count = view.getUint32(4);
  for (let n = 0; n < count && n < MAX_BOXES; n++) {
    const at = 8 + (is64 ? 20 : 12) * n;
    const duration = is64 ? view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4) : view.getUint32(at);
    const start = is64 ? Number(view.getBigInt64(at + 8)) : view.getInt32(at + 4);
    // An entry without a start is a pause before the sound.
    if (start < 0) continue;
    // Several entries are a cut; the file is imported uncut then.
    const isOnly = n === count - 1;
    const length =
      isOnly && duration > 0 && movieScale > 0 ? (duration * scale) / movieScale : Number.POSITIVE_INFINITY;
    return isOnly ? { skip: start, length } : whole;
  }
  return whole;
}

async function* packetsOf(
  source: ByteSource,
  chunks: Track['chunks'],
  sizes: Uint32Array,
  frames: Track['frames'],
  reader: { position: number },
): AsyncGenerator<Packet, void, undefined> {
  let n = 0;
  for (const { offset, packets } of chunks) {
    const own = sizes.subarray(n, n + packets);
    const length = own.reduce((sum, size) => sum + size, 0);
    // A file that is cut off is read as far as it goes.
    if (offset + length > source.size) return;
    if (length > MAX_CHUNK_BYTES) throw damaged();
    const bytes = await source.read(offset, offset + length);
    reader.position = offset;
    let at = 0;
    for (const size of own) {
      yield { data: bytes.slice(at, at + size), frames: frames(n++) };
      at += size;
    }
  }
}
