import { damaged } from '../audio-file-error.ts';
import { ascii, ByteReader, type ByteSource, viewOf } from './byte-source.ts';
import { OPUS_RATE, opusPacketLength } from './opus-packet.ts';
import { isPossibleRate } from './sample-rate.ts';
import type { PacketSound } from './sound.ts';

// Ogg: RFC 3533. Opus in Ogg: RFC 7845. Vorbis in Ogg: Vorbis I specification, sections 4.2 and A.2. The browser decodes
// the packets; here they are found in the file.

const PAGE_HEADER_BYTES = 27;
/** The largest page: 255 segments of 255 bytes. */
const MAX_PAGE_BYTES = PAGE_HEADER_BYTES + 255 + 255 * 255;
/** A packet that goes over more pages than this is damage. */
const MAX_PACKET_BYTES = 2 ** 20;

interface Page {
  /** Its first packet continues the last one of the page before. */
  isContinued: boolean;
  isLast: boolean;
  serial: number;
  /** Samples of the stream up to the end of this page; null: no packet ends in it. */
  granule: number | null;
  /** Lengths of its parts of packets; a part of 255 bytes is continued by the next one. */
  segments: Uint8Array;
  body: Uint8Array<ArrayBuffer>;
}

/** @returns null at the end of the file. Bytes that are no page are left out, and so is a page that is cut off. */
async function nextPage(reader: ByteReader): Promise<Page | null> {
  for (;;) {
    const bytes = await reader.peek(MAX_PAGE_BYTES);
    if (bytes.length < PAGE_HEADER_BYTES) return null;
    if (ascii(bytes, 0, 4) !== 'OggS') {
      const next = bytes.indexOf(0x4f, 1);
      reader.skip(next === -1 ? bytes.length : next);
      continue;
    }
    const view = viewOf(bytes);
    const count = view.getUint8(26);
    const segments = bytes.slice(PAGE_HEADER_BYTES, PAGE_HEADER_BYTES + count);
    const start = PAGE_HEADER_BYTES + count;
    const length = segments.reduce((sum, segment) => sum + segment, 0);
    if (bytes.length < start + length) return null;
    const flags = view.getUint8(5);
    const high = view.getInt32(10, true);
    const page: Page = {
      isContinued: (flags & 1) !== 0,
      isLast: (flags & 4) !== 0,
      serial: view.getUint32(14, true),
      granule: high < 0 ? null : high * 2 ** 32 + view.getUint32(6, true),
      segments,
      body: bytes.slice(start, start + length),
    };
    reader.skip(start + length);
    return page;
  }
}

type OggSound = PacketSound & { reader: ByteReader };

/**
 * Opens the Opus or Vorbis stream with which an Ogg file begins.
 * @returns null if it begins with another stream, or with Opus whose channels need a mapping table
 * @throws {AudioFileError} `import_damaged`
 */
export async function openOgg(source: ByteSource): Promise<OggSound | null> {
  const reader = new ByteReader(source);
  const first = await nextPage(reader);
  if (first === null) throw damaged();
  const { body: head, serial } = first;
  if (head.length >= 19 && ascii(head, 0, 8) === 'OpusHead') return openOpus(reader, head, serial);
  if (head.length >= 30 && ascii(head, 0, 7) === '\x01vorbis') return openVorbis(reader, head, serial);
  return null;
}

function openOpus(reader: ByteReader, head: Uint8Array, serial: number): OggSound | null {
  const view = viewOf(head);
  const mapping = view.getUint8(18);
  const channels = view.getUint8(9);
  if (mapping !== 0 || channels < 1 || channels > 2) return null;
  const skip = view.getUint16(10, true);
  let length = Number.POSITIVE_INFINITY;
  return {
    reader,
    config: { codec: 'opus', sampleRate: OPUS_RATE, numberOfChannels: channels },
    skip,
    length: () => length,
    // Q7.8 in dB (RFC 7845 section 5.1).
    gain: 10 ** (view.getInt16(16, true) / 256 / 20),
    async *packets() {
      let count = 0;
      const onLength = (granule: number) => {
        length = Math.max(0, granule - skip);
      };
      for await (const data of packetsOf(reader, serial, onLength)) {
        const frames = opusPacketLength(data);
        // The first packet of the stream behind the head holds the tags.
        if (count++ > 0 && frames > 0) yield { data, frames };
      }
    },
  };
}

/** The decoder needs all three headers: identification, comments and set-up. */
async function openVorbis(reader: ByteReader, head: Uint8Array, serial: number): Promise<OggSound> {
  const view = viewOf(head);
  const [channels, rate] = [view.getUint8(11), view.getUint32(12, true)];
  if (channels < 1 || !isPossibleRate(rate)) throw damaged();
  let length = Number.POSITIVE_INFINITY;
  const packets = packetsOf(reader, serial, (granule) => {
    length = granule;
  });
  const { value: comments } = await packets.next();
  const { value: setUp } = await packets.next();
  if (!comments || !setUp || ascii(comments, 0, 7) !== '\x03vorbis' || ascii(setUp, 0, 7) !== '\x05vorbis')
    throw damaged();
  return {
    reader,
    config: {
      codec: 'vorbis',
      sampleRate: rate,
      numberOfChannels: channels,
      description: xiphHeaders(head, comments, setUp),
    },
    skip: 0,
    length: () => length,
    gain: 1,
    async *packets() {
      // Half of the longer block. The length varies from packet to packet, and only the decoder's timestamps depend on it.
      const frames = 2 ** (view.getUint8(28) >> 4) / 2;
      for await (const data of packets) yield { data, frames };
    },
  };
}

/** Headers as one description (WebCodecs Vorbis registration, section 3): their number less one, lengths, content. */
function xiphHeaders(...headers: [Uint8Array, Uint8Array, Uint8Array]): Uint8Array<ArrayBuffer> {
  const lacing = headers.slice(0, -1).flatMap(({ length }) => {
    return [...new Array<number>(Math.floor(length / 255)).fill(255), length % 255];
  });
  return Uint8Array.from([headers.length - 1, ...lacing, ...headers.flatMap((header) => [...header])]);
}

/** The packets of a stream behind its first page. @param onLength receives the last page's number of samples */

async function* packetsOf(
  reader: ByteReader,
  serial: number,
  onLength: (granule: number) => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let packet = new Uint8Array(0);
  let isOpen = false;
  for (;;) {
    const page = await nextPage(reader);
    if (page === null) return;
    if (page.serial !== serial) continue;
    // Before its packets, so that the end of the last one is known when it is decoded.
    if (page.isLast && page.granule !== null) onLength(page.granule);
    if (!page.isContinued || !isOpen) packet = new Uint8Array(0);
    // The rest of a packet whose start is missing.
    let isLost = page.isContinued && !isOpen;
    isOpen = false;
    let at = 0;
    for (const segment of page.segments) {
      const joined = new Uint8Array(packet.length + segment);
      joined.set(packet);
      joined.set(page.body.subarray(at, at + segment), packet.length);
      packet = joined;
      at += segment;
      isOpen = segment === 255;
      if (isOpen) {
        if (packet.length > MAX_PACKET_BYTES) throw damaged();
        continue;
      }
      if (!isLost) yield packet;
      isLost = false;
      packet = new Uint8Array(0);
    }
    if (page.isLast) return;
  }
}
