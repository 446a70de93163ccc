import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addLevel, emptyLevel } from '../../shared/level.ts';
import { BATCH_BYTES, MAX_GAPS, PcmBatches, type Piece, pieceBytes } from './pcm-batches.ts';

function bytesOf(pieces: Piece[]): Uint8Array {
  const all = pieces.map((piece) =>
    piece.kind === 'pcm' ? piece.batch.bytes.slice(0, piece.batch.used) : new Uint8Array(piece.bytes),
  );
  return Uint8Array.from(Buffer.concat(all));
}

const asBytes = (samples: Int16Array) => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);

describe('PcmBatches', () => {
  test('property: the output is the input, with silence of the same length for each gap', () => {
    const input = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.int16Array({ minLength: 1, maxLength: 3000 }) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 30_000 }) },
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(input, fc.nat(7), (parts, takeEvery) => {
        const batches = new PcmBatches();
        const expected: Uint8Array[] = [];
        const expectedLevel = emptyLevel();
        const out: Uint8Array[] = [];
        for (const [i, part] of parts.entries()) {
          if (typeof part === 'number') {
            batches.gap(part);
            expected.push(new Uint8Array(part * 2));
          } else {
            batches.write(asBytes(part));
            expected.push(asBytes(part));
            addLevel(expectedLevel, part);
          }
          if (takeEvery > 0 && i % takeEvery === 0) {
            const pieces = batches.take();
            out.push(bytesOf(pieces));
            for (const piece of pieces) batches.recycle(piece);
          }
        }
        batches.seal();
        out.push(bytesOf(batches.take()));
        const whole = Buffer.concat(expected);
        expect(Buffer.concat(out).equals(whole)).toBe(true);
        expect(batches.totalBytes).toBe(whole.length);
        // The level does not include the silence of gaps.
        expect(batches.level).toEqual(expectedLevel);
        const lost = parts.filter((part) => typeof part === 'number').reduce((sum, part) => sum + part, 0);
        expect(batches.gaps.reduce((sum, gap) => sum + gap.seconds, 0)).toBeCloseTo(lost / 16_000, 9);
      }),
    );
  });

  test('copies its input', () => {
    const batches = new PcmBatches();
    const callerBuffer = new Uint8Array(640).fill(1);
    batches.write(callerBuffer);
    callerBuffer.fill(9);
    batches.seal();
    expect(new Set(bytesOf(batches.take()))).toEqual(new Set([1]));
  });

  test('seals a batch after 25 frames and then reuses the same two buffers', () => {
    const batches = new PcmBatches();
    const buffers = new Set<Uint8Array>();
    for (let frame = 0; frame < 25 * 20; frame++) {
      batches.write(new Uint8Array(640));
      for (const piece of batches.take()) {
        expect(pieceBytes(piece)).toBe(BATCH_BYTES);
        if (piece.kind === 'pcm') buffers.add(piece.batch.bytes);
        batches.recycle(piece);
      }
    }
    expect(buffers.size).toBeLessThanOrEqual(2);
  });

  test('a gap of one hour uses no memory', () => {
    const batches = new PcmBatches();
    batches.write(new Uint8Array(640));
    batches.gap(3600 * 16_000);
    batches.write(new Uint8Array(640));
    batches.seal();
    const pieces = batches.take();
    expect(pieces.map((piece) => [piece.kind, pieceBytes(piece)])).toEqual([
      ['pcm', 640],
      ['silence', 3600 * 32_000],
      ['pcm', 640],
    ]);
    expect(batches.overfull).toBe(false);
  });

  test('merges adjacent gaps into one piece, however many accumulate during a stall', () => {
    const batches = new PcmBatches();
    for (let i = 0; i < 10_000; i++) batches.gap(16_000);
    expect(batches.take().map((piece) => [piece.kind, pieceBytes(piece)])).toEqual([['silence', 10_000 * 32_000]]);
    expect(batches.gaps).toEqual([{ at_s: 0, seconds: 10_000 }]);
  });

  test('reports gaps to the exact sample: sums do not drift', () => {
    const batches = new PcmBatches();
    for (let i = 0; i < 30; i++) batches.gap(320);
    batches.write(new Uint8Array(640));
    for (let i = 0; i < 3; i++) batches.gap(1);
    expect(batches.gaps).toEqual([
      { at_s: 0, seconds: 0.6 },
      { at_s: 0.62, seconds: 3 / 16_000 },
    ]);
  });

  test('is overfull after two minutes of audio that is not taken', () => {
    const batches = new PcmBatches();
    for (let frame = 0; frame < 50 * 120; frame++) batches.write(new Uint8Array(640));
    expect(batches.overfull).toBe(false);
    for (let frame = 0; frame < 25; frame++) batches.write(new Uint8Array(640));
    expect(batches.overfull).toBe(true);
  });

  test('merges adjacent gaps and limits the list without losing any gap time', () => {
    const batches = new PcmBatches();
    batches.gap(320);
    batches.gap(160);
    expect(batches.gaps).toEqual([{ at_s: 0, seconds: 0.03 }]);
    for (let i = 0; i < 2 * MAX_GAPS; i++) {
      batches.write(new Uint8Array(2));
      batches.gap(16);
      for (const piece of batches.take()) batches.recycle(piece);
    }
    expect(batches.gaps).toHaveLength(MAX_GAPS);
    expect(batches.gaps.reduce((sum, gap) => sum + gap.seconds, 0)).toBeCloseTo(0.03 + 2 * MAX_GAPS * 0.001, 9);
  });
});
