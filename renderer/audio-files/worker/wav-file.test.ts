import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeWavHeader } from '../../../shared/wav-header.ts';
import { all, join, le, sourceOf } from '../../testing/byte-files.ts';
import { AudioFileError } from '../audio-file-error.ts';
import { openWav } from './wav-file.ts';

interface Fmt {
  tag?: number;
  channels?: number;
  rate?: number;
  bytes: number;
  extra?: Uint8Array;
}

const chunk = (name: string, body: Uint8Array, size = body.length) =>
  join(name, le(size, 4), body, new Uint8Array(body.length % 2));
const fmt = ({ tag = 1, channels = 1, rate = 48_000, bytes, extra = new Uint8Array(0) }: Fmt) =>
  chunk(
    'fmt ',
    join(
      le(tag, 2),
      le(channels, 2),
      le(rate, 4),
      le(rate * channels * bytes, 4),
      le(channels * bytes, 2),
      le(8 * bytes, 2),
      extra,
    ),
  );
const riff = (...chunks: Uint8Array[]) => {
  const body = join('WAVE', ...chunks);
  return join('RIFF', le(body.length, 4), body);
};

async function read(file: Uint8Array) {
  const sound = await openWav(sourceOf(file));
  const blocks = await all(sound.blocks());
  const channels = blocks[0]?.channels.map((_, n) => blocks.flatMap((block) => [...(block.channels[n] ?? [])])) ?? [];
  return { seconds: sound.seconds, rate: blocks[0]?.rate, channels, progress: sound.progress() };
}

test.each([
  ['8 bits', { bytes: 1 }, Uint8Array.of(0, 128, 192, 255), [-1, 0, 0.5, 127 / 128]],
  ['16 bits', { bytes: 2 }, join(le(0x8000, 2), le(0, 2), le(0x4000, 2)), [-1, 0, 0.5]],
  [
    '24 bits',
    { bytes: 3 },
    join(le(0x800000, 3), le(1, 3), le(0x400000, 3), le(0xffffff, 3)),
    [-1, 2 ** -23, 0.5, -(2 ** -23)],
  ],
  ['32 bits', { bytes: 4 }, join(le(0x80000000, 4), le(0x40000000, 4)), [-1, 0.5]],
  ['floats', { bytes: 4, tag: 3 }, new Uint8Array(Float32Array.of(-1, 0.25, 1.5).buffer), [-1, 0.25, 1.5]],
  ['long floats', { bytes: 8, tag: 3 }, new Uint8Array(Float64Array.of(-1, 0.25).buffer), [-1, 0.25]],
  [
    'the extensible format',
    { bytes: 2, tag: 0xfffe, extra: join(le(22, 2), le(16, 2), le(0, 4), le(1, 2), new Uint8Array(14)) },
    join(le(0x4000, 2)),
    [0.5],
  ],
])('reads samples of %s', async (_name, format, data, samples) => {
  const { channels, rate, seconds, progress } = await read(riff(fmt(format), chunk('data', data)));
  expect(channels).toEqual([samples]);
  expect([rate, seconds, progress]).toEqual([48_000, samples.length / 48_000, 1]);
});

test('separates channels, and leaves chunks out that hold no samples, before and after', async () => {
  const data = join(...[1, 2, 3, 4].map((n) => le(n * 0x1000, 2)));
  const list = chunk('LIST', Uint8Array.of(1, 2, 3));
  const { channels } = await read(riff(list, fmt({ bytes: 2, channels: 2 }), list, chunk('data', data), list));
  expect(channels).toEqual([
    [0.125, 0.375],
    [0.25, 0.5],
  ]);
});

test('reads a recording of Earshot, and any length of it, in blocks', async () => {
  const samples = Int16Array.from({ length: 40_000 }, (_, i) => (i * 7) % 30_000);
  const { channels, rate } = await read(join(encodeWavHeader(80_000), new Uint8Array(samples.buffer)));
  expect(rate).toBe(16_000);
  expect(Int16Array.from(channels[0] ?? [], (sample) => sample * 32_768)).toEqual(samples);
});

test('a file that is cut off, or whose writer did not know its length, is read as far as it goes', async () => {
  const data = join(le(0x4000, 2), le(0x2000, 2));
  for (const [riffSize, size] of [
    [0, 0],
    [0xffff_ffff, 0xffff_ffff],
    [100_000, 99_000],
    [40, 0xffff_ffff],
  ] as const) {
    const file = join('RIFF', le(riffSize, 4), 'WAVE', fmt({ bytes: 2 }), chunk('data', data, size));
    expect((await read(file)).channels).toEqual([[0.5, 0.25]]);
  }
});

test('an RF64 file and a file without samples are read', async () => {
  const empty = riff(fmt({ bytes: 2 }), chunk('data', new Uint8Array(0)));
  expect(await read(empty)).toMatchObject({ seconds: 0, channels: [] });
  const rf64 = join(
    'RF64',
    le(0xffff_ffff, 4),
    'WAVE',
    chunk('ds64', new Uint8Array(28)),
    fmt({ bytes: 1 }),
    chunk('data', Uint8Array.of(192, 64), 0xffff_ffff),
  );
  expect((await read(rf64)).channels).toEqual([[0.5, -0.5]]);
});

test.each([
  ['µ-law', fmt({ bytes: 1, tag: 7 }), 'import_unsupported'],
  ['16-bit floats', fmt({ bytes: 2, tag: 3 }), 'import_unsupported'],
  ['no channels', fmt({ bytes: 2, channels: 0 }), 'import_unsupported'],
  ['a hundred channels', fmt({ bytes: 2, channels: 100 }), 'import_unsupported'],
  ['a rate of zero', fmt({ bytes: 2, rate: 0 }), 'import_unsupported'],
  ['a rate of 4 GHz', fmt({ bytes: 2, rate: 0xffff_ffff }), 'import_unsupported'],
  ['a short format', chunk('fmt ', new Uint8Array(8)), 'import_damaged'],
  ['no format', new Uint8Array(0), 'import_damaged'],
])('a file with %s is refused', async (_name, format, code) => {
  await expect(read(riff(format, chunk('data', new Uint8Array(100))))).rejects.toMatchObject({ code });
});

test('any damage ends in a sound or in an error with a sentence', async () => {
  const file = riff(fmt({ bytes: 2, channels: 2 }), chunk('data', new Uint8Array(64)));
  await fc.assert(
    fc.asyncProperty(fc.nat(file.length - 1), fc.nat(255), fc.nat(file.length), async (at, value, length) => {
      const damaged = file.slice(0, length);
      damaged[at] = value;
      await read(damaged).catch((error: unknown) => expect(error).toBeInstanceOf(AudioFileError));
    }),
  );
});
