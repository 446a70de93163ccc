import { describe, expect, test } from 'vitest';
import { all, join, sourceOf } from '../../testing/byte-files.ts';
import { openAdts } from './adts-file.ts';

describe('AAC in ADTS', () => {
  /** LC at 44.1 kHz on two channels. @param crc whether the header has a checksum */
  const frame = (length: number, value: number, crc = false) => {
    const bytes = length + (crc ? 9 : 7);
    return join(
      0xff,
      crc ? 0xf0 : 0xf1,
      (1 << 6) | (4 << 2),
      (2 << 6) | (bytes >> 11),
      (bytes >> 3) & 255,
      ((bytes & 7) << 5) | 31,
      0xfc,
      new Uint8Array(crc ? 2 : 0),
      new Uint8Array(length).fill(value),
    );
  };
  const packetsOf = async (file: Uint8Array) => {
    const sound = await openAdts(sourceOf(file), 0);
    return sound === null ? null : (await all(sound.packets())).map(({ data }) => data);
  };

  test('its frames are found, with and without a checksum, and the decoder’s description', async () => {
    const file = join(frame(100, 1), frame(2_500, 2, true), frame(7, 3));
    const sound = await openAdts(sourceOf(file), 0);
    expect(sound?.config).toEqual({
      codec: 'mp4a.40.2',
      sampleRate: 44_100,
      numberOfChannels: 2,
      description: Uint8Array.of(0x12, 0x10),
    });
    const wanted = [new Uint8Array(100).fill(1), new Uint8Array(2_500).fill(2), new Uint8Array(7).fill(3)];
    expect(await packetsOf(file)).toEqual(wanted);
  });

  test('damage between frames and a frame that is cut off are left out', async () => {
    const file = join(frame(100, 1), frame(50, 2), 'damage', frame(70, 3), frame(80, 4).slice(0, 60));
    expect((await packetsOf(file))?.map(({ length }) => length)).toEqual([100, 50, 70]);
  });

  test('two frames, one behind the other, are required', async () => {
    expect(await packetsOf(join(frame(100, 1), 'no frame'))).toBeNull();
    expect(await packetsOf(join(0xff, 0xfb, 0x90, 0, new Uint8Array(500)))).toBeNull();
  });
});
