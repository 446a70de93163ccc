import { expect, test } from 'vitest';
import { encodeWavHeader } from '../../../shared/wav-header.ts';
import { all, be, join, le, sourceOf } from '../../testing/byte-files.ts';
import { openSound } from './open-sound.ts';
import { openWholeFile } from './whole-file.ts';

// Without a browser's decoders: what they decode is tested by e2e/audio-files.spec.ts.

/** Opens a file that the page can't decode. */
const open = (file: Uint8Array) =>
  openSound(sourceOf(file), (failure) => openWholeFile(file.length, { ask: noDecoder, failure }));
const noDecoder = async () => ({ type: 'decoded', seconds: null }) as never;
const noise = (length: number) => Uint8Array.from({ length }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 13) & 0xff);

test('a WAV is known by its content', async () => {
  const sound = await open(join(encodeWavHeader(4), le(0x4000, 2), le(0x2000, 2)));
  expect(sound.seconds).toBe(2 / 16_000);
  expect(await all(sound.blocks())).toEqual([{ rate: 16_000, channels: [Float32Array.of(0.5, 0.25)] }]);
});

test.each([
  ['an empty file', new Uint8Array(0), 'import_empty'],
  ['text', join('Dear Ada, this is a letter.'), 'import_not_audio'],
  ['a few bytes', Uint8Array.of(0, 1), 'import_not_audio'],
  ['noise', noise(100_000), 'import_not_audio'],
  ['a picture', join(0x89, 'PNG\r\n', 0x1a, '\n', noise(5_000)), 'import_not_audio'],
  ['only a tag', join('ID3', 4, 0, 0, 0, 0, 0, 10, new Uint8Array(10)), 'import_not_audio'],
  ['a tag that says it is longer than the file', join('ID3', 4, 0, 0, 127, 127, 127, 127), 'import_not_audio'],
  ['a large file of an unknown kind', noise(5 * 1024 * 1024), 'import_too_large'],
  ['a FLAC file with damage', join('fLaC', noise(1_000)), 'import_damaged'],
  ['an Ogg file with damage', join('OggS', noise(10)), 'import_damaged'],
  [
    'µ-law in WAV',
    join(
      'RIFF',
      le(50, 4),
      'WAVEfmt ',
      le(16, 4),
      le(7, 2),
      le(1, 2),
      le(8_000, 4),
      le(8_000, 4),
      le(1, 2),
      le(8, 2),
      'data',
      le(4, 4),
      le(0, 4),
    ),
    'import_unsupported',
  ],
  [
    'MP3 without a decoder',
    join(...[1, 2, 3].map(() => join(0xff, 0xfb, 0x90, 0, new Uint8Array(413)))),
    'import_unsupported',
  ],
  ['an MP4 file without sound', join(be(16, 4), 'ftypM4A ', be(0, 4), be(8, 4), 'moov'), 'import_not_audio'],
])('%s is refused', async (_name, file, code) => {
  await expect(open(file)).rejects.toMatchObject({ code });
});
