import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { all, be, join, le, sourceOf } from '../../testing/byte-files.ts';
import { AudioFileError } from '../audio-file-error.ts';
import { oggCrc } from './crc.ts';
import { FlacEncoder } from './flac-encoder.ts';
import { openFlac } from './flac-file.ts';
import { openMp3 } from './mp3-file.ts';
import { openMp4 } from './mp4-file.ts';
import { openOgg } from './ogg-file.ts';
import { OggOpusWriter } from './ogg-opus-writer.ts';
import { opusPacketLength } from './opus-packet.ts';

describe('FLAC', () => {
  const noise = Int16Array.from({ length: 60_000 }, (_, i) => (Math.imul(i, 2_654_435_761) >> 9) & 0xffff);
  function encode(samples: Int16Array<ArrayBuffer>) {
    const encoder = new FlacEncoder();
    const frames: Uint8Array[] = [];
    encoder.push(samples, (frame) => frames.push(frame));
    encoder.finish((frame) => frames.push(frame));
    return { frames, file: join(encoder.header(), ...frames) };
  }
  const packetsOf = async (file: Uint8Array, start = 0) => all((await openFlac(sourceOf(file), start)).packets());

  test.each([
    ['noise', noise],
    ['silence with a short last frame', new Int16Array(4_096 * 3 + 5)],
    ['all bits set, as in a sync code', new Int16Array(9_000).fill(-1).map((_, i) => (i % 3 === 0 ? -8 : -1))],
  ])('the frames of %s are found one by one', async (_name, samples) => {
    const { frames, file } = encode(samples);
    const found = await packetsOf(file);
    expect(found.map(({ data }) => data)).toEqual(frames.map((frame) => Uint8Array.from(frame)));
    expect(found.reduce((sum, { frames }) => sum + frames, 0)).toBe(samples.length);
  });

  test('the description is what a decoder needs, whatever other blocks there are', async () => {
    const { frames, file } = encode(noise);
    const info = file.slice(8, 42);
    const picture = join(6, be(300_000, 3), new Uint8Array(300_000));
    const tagged = join('fLaC', 0, be(34, 3), info, picture, 0x84, be(4, 3), 'tags', ...frames);
    const sound = await openFlac(sourceOf(tagged), 0);
    expect(sound.config).toEqual({
      codec: 'flac',
      sampleRate: 16_000,
      numberOfChannels: 1,
      description: join('fLaC', 0x80, be(34, 3), info),
    });
    expect(sound.length()).toBe(noise.length);
    expect(await all(sound.packets())).toHaveLength(frames.length);
  });

  test('tags before and behind the file are left out; a last frame that is cut off is, too', async () => {
    const { frames, file } = encode(noise);
    const id3v1 = join('TAG', new Uint8Array(125));
    expect(await packetsOf(join('12345', file, id3v1), 5)).toHaveLength(frames.length);
    expect(await packetsOf(file.slice(0, -3))).toHaveLength(frames.length - 1);
  });
});

describe('MP3', () => {
  /** 128 kbit/s at 44.1 kHz, stereo: 417 bytes. */
  const header = Uint8Array.of(0xff, 0xfb, 0x90, 0x00);
  const frame = (fill = 0) => join(header, new Uint8Array(413).fill(fill));
  const open = (file: Uint8Array) => openMp3(sourceOf(file), 0);

  test('finds the frames, past damage and the tag at the end', async () => {
    const file = join('junk', frame(1), frame(2), 'damage', frame(3), 'TAG', new Uint8Array(125));
    const sound = await open(file);
    expect(sound?.config).toEqual({ codec: 'mp3', sampleRate: 44_100, numberOfChannels: 2 });
    const packets = sound === null ? [] : await all(sound.packets());
    expect(packets.map(({ data, frames }) => [data[10], data.length, frames])).toEqual([
      [1, 417, 1_152],
      [2, 417, 1_152],
      [3, 417, 1_152],
    ]);
  });

  test('reads rate, channels and length of MPEG-2 and of mono', async () => {
    // 64 kbit/s at 22.05 kHz, mono: 208 bytes.
    const short = join(0xff, 0xf3, 0x80, 0xc0, new Uint8Array(204));
    const sound = await open(join(short, short));
    expect(sound?.config).toMatchObject({ sampleRate: 22_050, numberOfChannels: 1 });
    expect(sound === null ? [] : (await all(sound.packets())).map(({ frames }) => frames)).toEqual([576, 576]);
  });

  test('leaves out what the encoder says it added', async () => {
    const tag = join('Info', be(1, 4), be(10, 4), 'LAME3.100', new Uint8Array(12), be((576 << 12) | 1_000, 3));
    const info = join(header, new Uint8Array(32), tag, new Uint8Array(413 - 32 - tag.length));
    const sound = await open(join(info, frame(), frame()));
    expect([sound?.skip, sound?.length()]).toEqual([576 + 529, 10 * 1_152 - 576 - 1_000]);
    expect(sound === null ? [] : await all(sound.packets())).toHaveLength(2);
  });

  test('is not seen in other files', async () => {
    expect(await open(new Uint8Array(10_000))).toBeNull();
    expect(await open(join('a', header, 'text'))).toBeNull();
    expect(await open(new Uint8Array(0))).toBeNull();
    // Layer II, free format, and a rate that does not exist.
    for (const [b, c] of [
      [0xfd, 0x90],
      [0xfb, 0x00],
      [0xfb, 0x9c],
    ] as const) {
      expect(await open(join(0xff, b, c, 0, new Uint8Array(2_000)))).toBeNull();
    }
  });
});

describe('Opus in Ogg', () => {
  /** A packet of 20 ms (configuration 9: wideband, 20 ms). */
  const packet = (length: number, fill: number) => join(9 << 3, new Uint8Array(length - 1).fill(fill));
  function write(packets: Uint8Array<ArrayBuffer>[], samples: number, head: Uint8Array | null = null) {
    const pages: Uint8Array[] = [];
    const writer = new OggOpusWriter((page) => pages.push(page), 0xdeadbeef);
    writer.begin(head);
    for (const data of packets) writer.push(data);
    writer.finish(samples);
    return { pages, file: join(...pages) };
  }

  test('what is written is read again: packets of any size, the delay and the length', async () => {
    const packets = [1, 254, 255, 256, 510, 700, ...new Array<number>(200).fill(80)].map((length, n) =>
      packet(length, n % 256),
    );
    // 60 ms at 16 kHz less than the packets hold.
    const samples = packets.length * 320 - 960;
    const { file, pages } = write(packets, samples);
    const sound = await openOgg(sourceOf(file));
    expect(sound?.config).toEqual({ codec: 'opus', sampleRate: 48_000, numberOfChannels: 1 });
    const found = sound === null ? [] : await all(sound.packets());
    expect(found.map(({ data }) => data)).toEqual(packets);
    expect(found.every(({ frames }) => frames === 960)).toBe(true);
    expect([sound?.skip, sound?.gain, sound?.length()]).toEqual([312, 1, samples * 3]);
    // Two pages of headers, and one for each second.
    expect(pages.length).toBe(2 + Math.ceil((packets.length * 20) / 1_000));
  });

  test('the encoder’s own description is kept', async () => {
    const head = join('OpusHead', 1, 1, le(456, 2), le(16_000, 4), le(0, 2), 0);
    expect((await openOgg(sourceOf(write([packet(80, 0)], 10, head).file)))?.skip).toBe(456);
  });

  test('a page has a CRC-32 with the polynomial of Ethernet, not reflected, over itself with a CRC of zero', () => {
    // The complement of the catalogue's check value of CRC-32/CKSUM, which has the same parameters and is inverted.
    expect(oggCrc(join('123456789'))).toBe(~0x765e7680 >>> 0);
    for (const page of write([packet(80, 1)], 10).pages) {
      const crc = new DataView(page.buffer, page.byteOffset).getUint32(22, true);
      const blank = page.slice();
      blank.fill(0, 22, 26);
      expect(oggCrc(blank)).toBe(crc);
    }
  });

  test('pages of other streams and damage between pages are left out', async () => {
    const { pages } = write([packet(80, 7), ...new Array<Uint8Array<ArrayBuffer>>(60).fill(packet(80, 8))], 18_000);
    const other = Uint8Array.from(pages[2] as Uint8Array);
    other.set([1, 2, 3, 4], 14);
    const [a, b, c, ...rest] = pages as [Uint8Array, Uint8Array, Uint8Array, ...Uint8Array[]];
    const sound = await openOgg(sourceOf(join(a, b, other, 'OggO', c, 'damage', ...rest)));
    expect(sound === null ? [] : await all(sound.packets())).toHaveLength(61);
  });

  test('another codec, and channels that need a table, are not read here', async () => {
    const { file } = write([packet(80, 0)], 10);
    const surround = file.slice();
    surround[28 + 18] = 1;
    expect(await openOgg(sourceOf(surround))).toBeNull();
    const vorbis = file.slice();
    vorbis[28] = 1;
    expect(await openOgg(sourceOf(vorbis))).toBeNull();
  });

  test.each([
    [[0x00], 480],
    [[0x08], 960],
    [[0x18], 2_880],
    [[0x60], 480],
    [[0x80], 120],
    [[0x98], 960],
    [[0x99], 1_920],
    [[0x9b, 3], 2_880],
    [[0x9b, 63], 0],
    [[], 0],
  ])('a packet that begins with %j holds %i samples', (bytes, samples) => {
    expect(opusPacketLength(Uint8Array.from(bytes))).toBe(samples);
  });
});

describe('AAC in MP4', () => {
  const box = (type: string, ...parts: (Uint8Array | string | number)[]): Uint8Array<ArrayBuffer> => {
    const body = join(...parts);
    return join(be(body.length + 8, 4), type, body);
  };
  const full = (type: string, ...parts: (Uint8Array | string | number)[]) => box(type, be(0, 4), ...parts);
  const PACKETS = [Uint8Array.of(1), Uint8Array.of(2, 2), Uint8Array.of(3, 3, 3), Uint8Array.of(4)];

  function file({ fourcc = 'mp4a', handler = 'soun', type = 0x40, edits = true } = {}) {
    const config = join(3, 22, be(1, 2), 0, 4, 17, type, new Uint8Array(12), 5, 2, 0x12, 0x10);
    const entry = box(
      fourcc,
      new Uint8Array(16),
      be(2, 2),
      be(16, 2),
      be(0, 4),
      be(44_100 << 0, 2),
      be(0, 2),
      full('esds', config),
    );
    const ftyp = box('ftyp', 'M4A ');
    const mdat = box('mdat', ...PACKETS);
    const start = ftyp.length + 8;
    const stbl = box(
      'stbl',
      full('stsd', be(1, 4), entry),
      full('stts', be(2, 4), be(3, 4), be(1_024, 4), be(1, 4), be(500, 4)),
      full('stsc', be(2, 4), be(1, 4), be(3, 4), be(1, 4), be(2, 4), be(1, 4), be(1, 4)),
      full('stsz', be(0, 4), be(4, 4), ...PACKETS.map(({ length }) => be(length, 4))),
      full('stco', be(2, 4), be(start, 4), be(start + 6, 4)),
    );
    const mdhd = full('mdhd', be(0, 8), be(44_100, 4), be(0, 8));
    const hdlr = full('hdlr', be(0, 4), handler, new Uint8Array(13));
    const elst = full('elst', be(1, 4), be(50, 4), be(1_000, 4), be(1, 4));
    const trak = box('trak', ...(edits ? [box('edts', elst)] : []), box('mdia', mdhd, hdlr, box('minf', stbl)));
    const mvhd = full('mvhd', be(0, 8), be(1_000, 4), be(0, 8));
    return join(ftyp, mdat, box('moov', mvhd, trak));
  }

  test('finds the packets by the tables, and what the edit list leaves of them', async () => {
    const sound = await openMp4(sourceOf(file()));
    expect(sound?.config).toEqual({
      codec: 'mp4a.40.2',
      sampleRate: 44_100,
      numberOfChannels: 2,
      description: Uint8Array.of(0x12, 0x10),
    });
    // 50 ms of the movie's time.
    expect([sound?.skip, sound?.length()]).toEqual([1_000, 2_205]);
    const packets = sound === null ? [] : await all(sound.packets());
    expect(packets.map(({ data }) => data)).toEqual(PACKETS);
    expect(packets.map(({ frames }) => frames)).toEqual([1_024, 1_024, 1_024, 500]);
  });

  test('without an edit list all of it is the sound', async () => {
    const sound = await openMp4(sourceOf(file({ edits: false })));
    expect([sound?.skip, sound?.length()]).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  test.each([{ fourcc: 'alac' }, { handler: 'vide' }, { type: 0x6b }])(
    'a track with %j is not read here',
    async (other) => {
      expect(await openMp4(sourceOf(file(other)))).toBeNull();
    },
  );

  test('any damage ends in packets, in null, or in an error with a sentence', async () => {
    const whole = file();
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), async (at, value, length) => {
        const damaged = whole.slice(0, length);
        damaged[at] = value;
        try {
          const sound = await openMp4(sourceOf(damaged));
          if (sound !== null) await all(sound.packets());
        } catch (error) {
          expect(error).toBeInstanceOf(AudioFileError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('Vorbis in Ogg', () => {
  const head = join(1, 'vorbis', le(0, 4), 2, le(44_100, 4), new Uint8Array(12), 0xb8, 1);
  const comments = join(3, 'vorbis', new Uint8Array(300));
  const setUp = join(5, 'vorbis', new Uint8Array(1_000).fill(7));
  const page = (flags: number, granule: number, ...packets: Uint8Array[]) => {
    const segments = packets.flatMap(({ length }) => [
      ...new Array<number>(Math.floor(length / 255)).fill(255),
      length % 255,
    ]);
    const content = join(...packets);
    return join(
      'OggS',
      0,
      flags,
      le(granule, 8),
      le(9, 4),
      le(0, 8),
      segments.length,
      Uint8Array.from(segments),
      content,
    );
  };
  const packets = [1, 2, 3].map((value) => new Uint8Array(100 * value).fill(value));

  test('its three headers become the decoder’s description, and the last page tells its length', async () => {
    const file = join(page(2, 0, head), page(0, 0, comments, setUp), page(4, 5_000, ...packets));
    const sound = await openOgg(sourceOf(file));
    expect(sound?.config).toEqual({
      codec: 'vorbis',
      sampleRate: 44_100,
      numberOfChannels: 2,
      description: join(2, 30, 255, 52, head, comments, setUp),
    });
    const found = sound === null ? [] : await all(sound.packets());
    expect(found).toEqual(packets.map((data) => ({ data, frames: 1_024 })));
    expect([sound?.skip, sound?.gain, sound?.length()]).toEqual([0, 1, 5_000]);
  });

  test.each([
    ['without headers behind the first one', page(4, 0, head)],
    ['with other packets in their place', join(page(2, 0, head), page(4, 0, ...packets))],
    [
      'without a rate',
      join(page(2, 0, join(head.slice(0, 12), le(0, 4), head.slice(16))), page(0, 0, comments, setUp)),
    ],
  ])('a file %s is damaged', async (_why, file) => {
    await expect(openOgg(sourceOf(file))).rejects.toMatchObject({ code: 'import_damaged' });
  });
});
