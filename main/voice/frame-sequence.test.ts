import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeFrame } from './frame-sequence.ts';

const MAX_GAP = 10;

test.each([
  [-1, 0, { kind: 'next' }],
  [-1, 1, { kind: 'gap', missing: 1 }],
  [-1, 10, { kind: 'gap', missing: 10 }],
  [-1, 11, { kind: 'impossible', missing: 11 }],
  [0, 0, { kind: 'duplicate' }],
  [0, 1, { kind: 'next' }],
  [5, 0, { kind: 'duplicate' }],
  [5, 5, { kind: 'duplicate' }],
  [5, 6, { kind: 'next' }],
  [5, 7, { kind: 'gap', missing: 1 }],
  [5, 16, { kind: 'gap', missing: 10 }],
  [5, 17, { kind: 'impossible', missing: 11 }],
  [5, 0xffff_ffff, { kind: 'impossible', missing: 0xffff_ffff - 6 }],
  [0xffff_fffe, 0xffff_ffff, { kind: 'next' }],
])('received through %i, frame %i, at most 10 missing: %o', (receivedThrough, seq, expected) => {
  expect(placeFrame(receivedThrough, seq, MAX_GAP)).toEqual(expected);
});

test('every gap is impossible if none is permitted', () => {
  expect(placeFrame(3, 5, 0)).toEqual({ kind: 'impossible', missing: 1 });
});

describe('H39 any sequence of frames', () => {
  const seqs = fc.array(fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 0xffff_ffff })));

  test('kept frames strictly increase and, together with the missing ones, cover every number once', () => {
    fc.assert(
      fc.property(seqs, fc.integer({ min: 0, max: 40 }), (numbers, maxGap) => {
        let receivedThrough = -1;
        let kept = 0;
        let missing = 0;
        for (const seq of numbers) {
          const place = placeFrame(receivedThrough, seq, maxGap);
          if (place.kind === 'duplicate') {
            expect(seq).toBeLessThanOrEqual(receivedThrough);
            continue;
          }
          expect(seq).toBeGreaterThan(receivedThrough);
          if (place.kind === 'impossible') {
            expect(place.missing).toBeGreaterThan(maxGap);
            continue;
          }
          if (place.kind === 'gap') {
            expect(place.missing).toBeGreaterThan(0);
            expect(place.missing).toBeLessThanOrEqual(maxGap);
            missing += place.missing;
          }
          kept += 1;
          receivedThrough = seq;
          expect(kept + missing).toBe(receivedThrough + 1);
        }
      }),
    );
  });
});
