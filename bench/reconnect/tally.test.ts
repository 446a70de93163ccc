import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KINDS, type RestartPoint, tally } from './tally.ts';

const CLEAN = { lost: 0, duplicates: 0, outOfOrder: 0 };
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('comparing received frames with sent ones', () => {
  test('finds no faults if every frame arrived once and in order, whatever the restarts', () => {
    const restarts: RestartPoint[] = [
      { kind: 'abrupt', received: 3 },
      { kind: 'graceful', received: 7 },
    ];
    expect(tally(10, range(0, 10), restarts)).toEqual({
      ...CLEAN,
      by: { graceful: CLEAN, abrupt: CLEAN, stalled: CLEAN },
    });
  });

  test('assigns a lost frame to the restart during which it was in flight', () => {
    // 0 to 3 arrived before the abrupt restart, which lost 4 and 5; the graceful one lost 9.
    const received = [0, 1, 2, 3, 6, 7, 8, 10, 11];
    const { by, ...total } = tally(12, received, [
      { kind: 'abrupt', received: 4 },
      { kind: 'graceful', received: 7 },
    ]);
    expect(total).toEqual({ ...CLEAN, lost: 3 });
    expect(by).toEqual({ abrupt: { ...CLEAN, lost: 2 }, graceful: { ...CLEAN, lost: 1 }, stalled: CLEAN });
  });

  test('assigns frames that were in flight at the end to the last restart', () => {
    expect(tally(5, [0, 1, 2], [{ kind: 'stalled', received: 3 }]).by.stalled.lost).toBe(2);
  });

  test('counts a loss before the first restart only in the total', () => {
    const { by, ...total } = tally(4, [0, 2, 3], [{ kind: 'abrupt', received: 3 }]);
    expect(total).toEqual({ ...CLEAN, lost: 1 });
    expect(by.abrupt).toEqual(CLEAN);
  });

  test('counts each copy after the first as a duplicate and assigns it to the restart before it', () => {
    const { by, ...total } = tally(5, [0, 1, 2, 2, 3, 2, 4], [{ kind: 'stalled', received: 3 }]);
    expect(total).toEqual({ ...CLEAN, duplicates: 2 });
    expect(by.stalled).toEqual({ ...CLEAN, duplicates: 2 });
  });

  test('counts a frame that arrives after a later one as out of order, not as lost', () => {
    expect(tally(4, [0, 2, 1, 3], [])).toMatchObject({ ...CLEAN, outOfOrder: 1 });
  });

  test('received and lost frames add up to the sent frames, in any order of arrival', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }).chain((sent) =>
          fc.record({
            sent: fc.constant(sent),
            received: fc.array(fc.integer({ min: 0, max: sent - 1 }), { maxLength: 80 }),
            cuts: fc.array(fc.tuple(fc.constantFrom(...KINDS), fc.integer({ min: 0, max: 80 })), { maxLength: 5 }),
          }),
        ),
        ({ sent, received, cuts }) => {
          const restarts = cuts
            .map(([kind, at]) => ({ kind, received: Math.min(at, received.length) }))
            .sort((a, b) => a.received - b.received);
          const { by, ...total } = tally(sent, received, restarts);
          expect(total.lost).toBe(sent - new Set(received).size);
          expect(total.duplicates).toBe(received.length - new Set(received).size);
          for (const what of ['lost', 'duplicates', 'outOfOrder'] as const) {
            const attributed = KINDS.reduce((sum, kind) => sum + by[kind][what], 0);
            expect(attributed).toBeLessThanOrEqual(total[what]);
            if (restarts[0]?.received === 0) expect(attributed).toBe(total[what]);
          }
        },
      ),
    );
  });
});
