import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KINDS, type Mark, tally } from './tally.ts';

const CLEAN = { lost: 0, doubled: 0, disordered: 0 };
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('what was heard, held against what was sent', () => {
  test('is clean when every frame came once and in order, through any restarts', () => {
    const marks: Mark[] = [
      { kind: 'abrupt', heard: 3 },
      { kind: 'graceful', heard: 7 },
    ];
    expect(tally(10, range(0, 10), marks)).toEqual({
      ...CLEAN,
      by: { graceful: CLEAN, abrupt: CLEAN, stalled: CLEAN },
    });
  });

  test('gives a loss to the restart under which the frame was on its way', () => {
    // 0 to 3 came before the abrupt restart, 4 and 5 went down with it; 9 went down with the graceful one.
    const heard = [0, 1, 2, 3, 6, 7, 8, 10, 11];
    const { by, ...total } = tally(12, heard, [
      { kind: 'abrupt', heard: 4 },
      { kind: 'graceful', heard: 7 },
    ]);
    expect(total).toEqual({ ...CLEAN, lost: 3 });
    expect(by).toEqual({ abrupt: { ...CLEAN, lost: 2 }, graceful: { ...CLEAN, lost: 1 }, stalled: CLEAN });
  });

  test('counts frames that were still on their way at the end as lost with the last restart', () => {
    expect(tally(5, [0, 1, 2], [{ kind: 'stalled', heard: 3 }]).by.stalled.lost).toBe(2);
  });

  test('counts a loss without a restart before it in the total alone', () => {
    const { by, ...total } = tally(4, [0, 2, 3], [{ kind: 'abrupt', heard: 3 }]);
    expect(total).toEqual({ ...CLEAN, lost: 1 });
    expect(by.abrupt).toEqual(CLEAN);
  });

  test('counts each copy beyond the first as doubled, with the restart before it', () => {
    const { by, ...total } = tally(5, [0, 1, 2, 2, 3, 2, 4], [{ kind: 'stalled', heard: 3 }]);
    expect(total).toEqual({ ...CLEAN, doubled: 2 });
    expect(by.stalled).toEqual({ ...CLEAN, doubled: 2 });
  });

  test('counts a first copy that comes after a later frame as out of order, and not as lost', () => {
    expect(tally(4, [0, 2, 1, 3], [])).toMatchObject({ ...CLEAN, disordered: 1 });
  });

  test('adds up: what was heard once and what was lost are all that was sent, however it came', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }).chain((sent) =>
          fc.record({
            sent: fc.constant(sent),
            heard: fc.array(fc.integer({ min: 0, max: sent - 1 }), { maxLength: 80 }),
            cuts: fc.array(fc.tuple(fc.constantFrom(...KINDS), fc.integer({ min: 0, max: 80 })), { maxLength: 5 }),
          }),
        ),
        ({ sent, heard, cuts }) => {
          const marks = cuts
            .map(([kind, at]) => ({ kind, heard: Math.min(at, heard.length) }))
            .sort((a, b) => a.heard - b.heard);
          const { by, ...total } = tally(sent, heard, marks);
          expect(total.lost).toBe(sent - new Set(heard).size);
          expect(total.doubled).toBe(heard.length - new Set(heard).size);
          for (const what of ['lost', 'doubled', 'disordered'] as const) {
            const attributed = KINDS.reduce((sum, kind) => sum + by[kind][what], 0);
            expect(attributed).toBeLessThanOrEqual(total[what]);
            if (marks[0]?.heard === 0) expect(attributed).toBe(total[what]);
          }
        },
      ),
    );
  });
});
