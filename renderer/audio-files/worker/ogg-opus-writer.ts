import { SAMPLE_RATE } from '../../../shared/audio-format.ts';
import { oggCrc } from './crc.ts';
import { OPUS_RATE, opusPacketLength } from './opus-packet.ts';

// Opus in Ogg: RFC 7845; its pages: RFC 3533.

const PAGE_HEADER_BYTES = 27;
/** Packets on a page: one second, as RFC 7845 section 6 recommends. */
const PAGE_SAMPLES = OPUS_RATE;
const MAX_SEGMENTS = 255;
/** Samples at 48 kHz that libopus needs to look ahead. */
const LIBOPUS_LOOKAHEAD = 312;
const VENDOR = 'Earshot';

const FIRST_PAGE = 2;
const LAST_PAGE = 4;

/** Writes the packets of one Opus stream as an Ogg file. */
export class OggOpusWriter {
  readonly #onPage: (page: Uint8Array<ArrayBuffer>) => void;
  readonly #serial: number;
  #sequence = 0;
  /** Samples at 48 kHz of all packets, with those before the sound. */
  #granule = 0;
  #pageGranule = 0;
  #packets: Uint8Array<ArrayBuffer>[] = [];
  #segments = 0;
  #skip: number | null = null;

  /**
   * @param onPage receives and owns each page
   * @param serial number of the stream, 32 bits
   */
  constructor(onPage: (page: Uint8Array<ArrayBuffer>) => void, serial: number) {
    this.#onPage = onPage;
    this.#serial = serial;
  }

  /** Writes the two header packets. Call it once, before the first packet. @param head the encoder's `OpusHead`, if it gives one */
  begin(head: Uint8Array | null): void {
    const own = isOpusHead(head) ? head.slice() : opusHead();
    this.#skip = new DataView(own.buffer).getUint16(10, true);
    this.#page([own as Uint8Array<ArrayBuffer>], 0, FIRST_PAGE);
    this.#page([opusTags()], 0, 0);
  }

  /** Adds a packet. */
  push(packet: Uint8Array<ArrayBuffer>): void {
    const length = opusPacketLength(packet);
    const segments = Math.floor(packet.length / 255) + 1;
    if (this.#granule + length - this.#pageGranule > PAGE_SAMPLES || this.#segments + segments > MAX_SEGMENTS) {
      this.#flush(0);
    }
    this.#packets.push(packet);
    this.#segments += segments;
    this.#granule += length;
  }

  /** Writes the last page. @param samples length of the sound at 16 kHz; what the packets hold beyond it is cut off */
  finish(samples: number): void {
    const end = (this.#skip ?? 0) + (samples * OPUS_RATE) / SAMPLE_RATE;
    this.#granule = Math.min(this.#granule, end);
    this.#flush(LAST_PAGE);
  }

  #flush(flags: number): void {
    this.#page(this.#packets, this.#granule, flags);
    this.#packets = [];
    this.#segments = 0;
    this.#pageGranule = this.#granule;
  }

  #page(packets: readonly Uint8Array[], granule: number, flags: number): void {
    const table = packets.flatMap(({ length }) => [...new Array(Math.floor(length / 255)).fill(255), length % 255]);
    const body = packets.reduce((sum, { length }) => sum + length, 0);
    const page = new Uint8Array(PAGE_HEADER_BYTES + table.length + body);
    const view = new DataView(page.buffer);
    page.set([0x4f, 0x67, 0x67, 0x53, 0, flags]);
    view.setUint32(6, granule >>> 0, true);
    view.setUint32(10, Math.floor(granule / 2 ** 32), true);
    view.setUint32(14, this.#serial, true);
    view.setUint32(18, this.#sequence++, true);
    view.setUint8(26, table.length);
    page.set(table, PAGE_HEADER_BYTES);
    let at = PAGE_HEADER_BYTES + table.length;
    for (const packet of packets) {
      page.set(packet, at);
      at += packet.length;
    }
    view.setUint32(22, oggCrc(page), true);
    this.#onPage(page);
  }
}

function isOpusHead(head: Uint8Array | null): head is Uint8Array {
  return head !== null && head.length >= 19 && new TextDecoder().decode(head.subarray(0, 8)) === 'OpusHead';
}

/** For an encoder that describes nothing: one channel, the look-ahead of libopus, 16 kHz before. */
function opusHead(): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(19);
  const view = new DataView(head.buffer);
  head.set(new TextEncoder().encode('OpusHead'));
  head.set([1, 1], 8);
  view.setUint16(10, LIBOPUS_LOOKAHEAD, true);
  view.setUint32(12, SAMPLE_RATE, true);
  return head;
}

function opusTags(): Uint8Array<ArrayBuffer> {
  const vendor = new TextEncoder().encode(VENDOR);
  const tags = new Uint8Array(8 + 4 + vendor.length + 4);
  tags.set(new TextEncoder().encode('OpusTags'));
  new DataView(tags.buffer).setUint32(8, vendor.length, true);
  tags.set(vendor, 12);
  return tags;
}
