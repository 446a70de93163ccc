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
])('held through %i, frame %i, at most 10 missing: %o', (receivedThrough, seq, expected) => {
  expect(placeFrame(receivedThrough, seq, MAX_GAP)).toEqual(expected);
});

test('where no gap is allowed every skip is impossible', () => {
  expect(placeFrame(3, 5, 0)).toEqual({ kind: 'impossible', missing: 1 });
});

describe('H39 any sequence of numbers', () => {
  const seqs = fc.array(fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 0xffff_ffff })));

  test('what is kept is strictly increasing, and with what is missing it makes up every number once', () => {
    fc.assert(
      fc.property(seqs, fc.integer({ min: 0, max: 40 }), (numbers, maxGap) => {
        let held = -1;
        let kept = 0;
        let missing = 0;
        for (const seq of numbers) {
          const place = placeFrame(held, seq, maxGap);
          if (place.kind === 'duplicate') {
            expect(seq).toBeLessThanOrEqual(held);
            continue;
          }
          expect(seq).toBeGreaterThan(held);
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
          held = seq;
          expect(kept + missing).toBe(held + 1);
        }
      }),
    );
  });
});
