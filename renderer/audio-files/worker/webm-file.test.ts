import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { all, be, join, le, sourceOf } from '../../testing/byte-files.ts';
import { AudioFileError } from '../audio-file-error.ts';
import { openWebm } from './webm-file.ts';

describe('WebM', () => {
  /** @param size default: the content's */
  const element = (
    id: number[],
    content: Uint8Array,
    size: Uint8Array = join(0x10 | (content.length >> 24), be(content.length, 3)),
  ) => join(Uint8Array.from(id), size, content);
  const UNKNOWN = Uint8Array.of(0x01, 255, 255, 255, 255, 255, 255, 255);
  const opusHead = join('OpusHead', 1, 2, le(312, 2), le(48_000, 4), le(0, 2), 0);
  const track = (number: number, codec: string, setUp: Uint8Array, ...more: Uint8Array[]) =>
    element(
      [0xae],
      join(
        element([0xd7], Uint8Array.of(number)),
        element([0x86], join(codec, 0)),
        element([0x63, 0xa2], setUp),
        element([0xe1], join(element([0xb5], be(0x40e58880 * 2 ** 32, 8)), element([0x9f], Uint8Array.of(2)))),
        ...more,
      ),
    );
  const block = (number: number, flags: number, ...content: Uint8Array[]) =>
    join(0x80 | number, 0, 0, flags, ...content);
  const simple = (...of: Parameters<typeof block>) => element([0xa3], block(...of));
  const group = (...of: Parameters<typeof block>) => element([0xa0], element([0xa1], block(...of)));
  const file = (tracks: Uint8Array, blocks: Uint8Array[], size?: Uint8Array) =>
    join(
      element([0x1a, 0x45, 0xdf, 0xa3], new Uint8Array(20)),
      element(
        [0x18, 0x53, 0x80, 0x67],
        join(
          element([0x15, 0x49, 0xa9, 0x66], new Uint8Array(40)),
          element([0x16, 0x54, 0xae, 0x6b], tracks),
          element([0x1f, 0x43, 0xb6, 0x75], join(element([0xe7], Uint8Array.of(0)), ...blocks), size),
        ),
        size,
      ),
    );
  const packet = (length: number) => new Uint8Array(length).fill(0x08);
  const packetsOf = async (bytes: Uint8Array) => {
    const sound = await openWebm(sourceOf(bytes));
    return sound === null ? null : (await all(sound.packets())).map(({ data }) => data);
  };

  test.each([
    ['known', undefined],
    ['unknown', UNKNOWN],
  ])('its packets are found in blocks and groups, in a file whose sizes are %s', async (_sizes, size) => {
    const blocks = [
      simple(2, 0, packet(30)),
      simple(1, 0, packet(99)),
      group(2, 0, packet(40)),
      simple(2, 128, packet(50)),
    ];
    const tracks = join(track(1, 'V_VP8', opusHead), track(2, 'A_OPUS', opusHead));
    const sound = await openWebm(sourceOf(file(tracks, blocks, size)));
    expect(sound?.config).toEqual({ codec: 'opus', sampleRate: 48_000, numberOfChannels: 2 });
    expect(sound?.skip).toBe(312);
    const found = sound === null ? [] : await all(sound.packets());
    expect(found).toEqual([30, 40, 50].map((length) => ({ data: packet(length), frames: 960 })));
  });

  test('Vorbis keeps its headers as the decoder’s description', async () => {
    const setUp = join(2, 1, 1, 'abc');
    const sound = await openWebm(sourceOf(file(track(1, 'A_VORBIS', setUp), [simple(1, 0, packet(9))])));
    expect(sound?.config).toEqual({ codec: 'vorbis', sampleRate: 44_100, numberOfChannels: 2, description: setUp });
    expect(sound === null ? [] : await all(sound.packets())).toHaveLength(1);
  });

  test.each([
    ['Xiph’s sizes', 0b010, join(2, 255, 45, 20)],
    ['one size for all', 0b100, Uint8Array.of(2)],
    ['differences', 0b110, join(2, 0x41, 0x2c, 0x5e, 0xe7)],
  ])('several packets in one block with %s', async (_how, flags, sizes) => {
    const lengths = flags === 0b100 ? [60, 60, 60] : [300, 20, 60];
    const laced = simple(1, flags, sizes, ...lengths.map(packet));
    expect(await packetsOf(file(track(1, 'A_OPUS', opusHead), [laced]))).toEqual(lengths.map(packet));
  });

  test('a last block that is cut off is left out', async () => {
    const whole = file(track(1, 'A_OPUS', opusHead), [simple(1, 0, packet(30)), simple(1, 0, packet(30))], UNKNOWN);
    expect(await packetsOf(whole.slice(0, -1))).toEqual([packet(30)]);
  });

  test.each([
    ['only pictures', track(1, 'V_VP8', opusHead)],
    ['another codec', track(1, 'A_FLAC', opusHead)],
    ['six channels', track(1, 'A_OPUS', opusHead.slice(0, 5))],
    ['encryption', track(1, 'A_OPUS', opusHead, element([0x6d, 0x80], new Uint8Array(4)))],
  ])('a file with %s is not read here', async (_what, tracks) => {
    expect(await packetsOf(file(tracks, [simple(1, 0, packet(30))]))).toBeNull();
  });

  test('any damage ends in packets, in null, or in an error of the file', async () => {
    const blocks = [simple(1, 0, packet(30)), simple(1, 0b110, join(2, 0x9e, 0xbf, 0xbf), packet(90))];
    const whole = file(track(1, 'A_OPUS', opusHead), blocks, UNKNOWN);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), async (at, value, length) => {
        const damaged = whole.slice(0, length);
        if (at < length) damaged[at] = value;
        await packetsOf(damaged).catch((error: unknown) => expect(error).toBeInstanceOf(AudioFileError));
      }),
      { numRuns: 1_000 },
    );
  });
});
