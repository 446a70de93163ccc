import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeIcns, encodeIcns, ICNS_CHUNKS } from './icns.ts';
import { decodeIco, encodeIco } from './ico.ts';
import { readPngHeader, sideOf } from './png.ts';

/** The part of a PNG that the encoders read, followed by `rest`. */
function png(width: number, height = width, colourType = 6, rest: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(33);
  head.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  head.writeUInt32BE(13, 8);
  head.write('IHDR', 12, 'latin1');
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  head.writeUInt8(8, 24);
  head.writeUInt8(colourType, 25);
  return Buffer.concat([head, rest]);
}

describe('a PNG', () => {
  test('has a header with its size and whether it has alpha', () => {
    expect(readPngHeader(png(300, 20))).toEqual({ width: 300, height: 20, hasAlpha: true });
    expect(readPngHeader(png(1, 1, 2)).hasAlpha).toBe(false);
  });

  test('is refused if it is truncated, not a PNG, not square, or without alpha', () => {
    for (const bytes of [png(16).subarray(0, 32), Buffer.from('GIF89a'.padEnd(40)), png(16, 17), png(16, 16, 2)]) {
      expect(() => sideOf(bytes)).toThrow();
    }
  });
});

describe('a Windows icon', () => {
  test('encodes and decodes any pictures unchanged', () => {
    const picture = fc
      .record({ side: fc.integer({ min: 1, max: 256 }), rest: fc.uint8Array() })
      .map(({ side, rest }) => png(side, side, 6, rest));
    fc.assert(
      fc.property(fc.array(picture, { maxLength: 12 }), (pngs) => {
        expect(decodeIco(encodeIco(pngs))).toEqual(pngs);
      }),
    );
  });

  test('has the bytes of the format; 256 pixels are written as 0', () => {
    const file = encodeIco([png(16), png(256)]);
    expect([...file.subarray(0, 6)]).toEqual([0, 0, 1, 0, 2, 0]);
    expect([...file.subarray(6, 22)]).toEqual([16, 16, 0, 0, 1, 0, 32, 0, 33, 0, 0, 0, 38, 0, 0, 0]);
    expect([...file.subarray(22, 38)]).toEqual([0, 0, 0, 0, 1, 0, 32, 0, 33, 0, 0, 0, 71, 0, 0, 0]);
  });

  test('refuses a picture over 256 pixels, and a truncated file', () => {
    expect(() => encodeIco([png(257)])).toThrow('256');
    expect(() => decodeIco(encodeIco([png(16)]).subarray(0, -1))).toThrow('beyond the end');
  });
});

describe('a macOS icon', () => {
  test('starts with its length, and each chunk with type and length, big-endian', () => {
    const file = encodeIcns((pixels) => png(pixels));
    expect(file.toString('latin1', 0, 4)).toBe('icns');
    expect(file.readUInt32BE(4)).toBe(file.length);
    expect(file.toString('latin1', 8, 12)).toBe('ic11');
    expect(file.readUInt32BE(12)).toBe(8 + 33);
  });

  test('encodes and decodes every picture under its type', () => {
    const chunks = decodeIcns(encodeIcns((pixels) => png(pixels, pixels, 6, new Uint8Array(pixels))));
    expect(chunks.map(({ type, content }) => [type, sideOf(content), content.length - 33])).toEqual(
      ICNS_CHUNKS.map(([type, pixels]) => [type, pixels, pixels]),
    );
  });

  test('refuses a picture of the wrong size, and a file with wrong lengths', () => {
    expect(() => encodeIcns(() => png(64))).toThrow('ic11 takes 32');
    const file = encodeIcns((pixels) => png(pixels));
    expect(() => decodeIcns(file.subarray(0, -1))).toThrow('not an icns');
    file.writeUInt32BE(7, 12);
    expect(() => decodeIcns(file)).toThrow('impossible length');
  });
});
