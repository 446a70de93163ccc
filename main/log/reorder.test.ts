import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogDraft, LogSide } from '../../shared/log-event.ts';
import { createReorder, REORDER_MS } from './reorder.ts';

const draft = (time: number, note: string | number = 0, side: LogSide = 'server'): LogDraft => ({
  time,
  side,
  event: 'WS_SEND',
  fields: { note },
});
const notes = (drafts: LogDraft[]) => drafts.map(({ fields }) => fields.note);

describe('createReorder', () => {
  test('property: sorts events of a window, up to 50 ms late, and of the server by time; equal times keep their order', () => {
    const event = fc.record({ gap: fc.nat(30), late: fc.nat(50), client: fc.boolean() });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), fc.integer({ min: 1, max: 60 }), (events, tick) => {
        let time = 1_000;
        const arrivals = events.map(({ gap, late, client }, i) => {
          time += gap;
          return { draft: draft(time, i, client ? 'client' : 'server'), at: time + (client ? late : 0) };
        });
        arrivals.sort((a, b) => a.at - b.at);
        const reorder = createReorder();
        const out: LogDraft[] = [];
        let now = 1_000;
        for (const { draft: one, at } of arrivals) {
          for (; now + tick <= at; now += tick) out.push(...reorder.release(now + tick));
          reorder.add(one, at);
        }
        out.push(...reorder.release(time + 50 + REORDER_MS));
        const expected = arrivals.map(({ draft: one }) => one).sort((a, b) => a.time - b.time);
        expect(out).toEqual(expected);
        expect(reorder.size).toBe(0);
      }),
    );
  });

  test('holds a draft for exactly the window', () => {
    const reorder = createReorder(100);
    reorder.add(draft(1_000), 1_000);
    expect(reorder.release(1_099)).toHaveLength(0);
    expect(reorder.size).toBe(1);
    expect(reorder.release(1_100)).toHaveLength(1);
    expect(reorder.size).toBe(0);
  });

  test('releases a draft that is older than one already released before all others', () => {
    const reorder = createReorder(100);
    reorder.add(draft(1_000, 'out'), 1_000);
    expect(notes(reorder.release(1_100))).toEqual(['out']);
    reorder.add(draft(1_101, 'held'), 1_101);
    reorder.add(draft(900, 'late'), 1_102);
    expect(notes(reorder.release(1_102))).toEqual(['late']);
    expect(notes(reorder.release(1_300))).toEqual(['held']);
  });

  test.each([
    ['more than a second ahead', 3_001],
    ['not a number', Number.NaN],
    ['infinitely far ahead', Number.POSITIVE_INFINITY],
  ])('replaces a time that is %s by the time of arrival', (_, time) => {
    const reorder = createReorder(100);
    reorder.add(draft(time), 2_000);
    reorder.add(draft(2_001), 2_001);
    expect(reorder.release(2_101).map((one) => one.time)).toEqual([2_000, 2_001]);
  });

  test('keeps a time that is slightly ahead', () => {
    const reorder = createReorder(100);
    reorder.add(draft(2_020, 'window'), 2_000);
    reorder.add(draft(2_010, 'server'), 2_010);
    expect(reorder.release(2_120).map((one) => one.time)).toEqual([2_010, 2_020]);
  });

  test('does not hold the log for an hour if the clock is set back by an hour', () => {
    const hour = 3_600_000;
    const reorder = createReorder(100);
    reorder.add(draft(2 * hour), 2 * hour);
    reorder.release(2 * hour + 50);
    expect(reorder.release(hour)).toHaveLength(1);
    reorder.add(draft(hour + 1), hour + 1);
    expect(reorder.release(hour + 2)).toHaveLength(0);
    expect(reorder.release(hour + 101)).toHaveLength(1);
  });

  test('H60 does not hold it either if nothing was released between the last event and the change of the clock', () => {
    const hour = 3_600_000;
    const reorder = createReorder(100);
    reorder.add(draft(hour), hour);
    expect(reorder.release(hour + 100)).toHaveLength(1);
    reorder.add(draft(2 * hour), 2 * hour);
    reorder.add(draft(hour + 200), hour + 200);
    expect(reorder.release(hour + 250)).toHaveLength(2);
    reorder.add(draft(hour + 300), hour + 300);
    expect(reorder.release(hour + 350)).toHaveLength(0);
    expect(reorder.release(hour + 400)).toHaveLength(1);
  });

  test('immediately releases the oldest drafts beyond its capacity', () => {
    const reorder = createReorder(100, 3);
    for (let i = 0; i < 5; i++) reorder.add(draft(1_000 + i, i), 1_000 + i);
    expect(notes(reorder.release(1_005))).toEqual([0, 1]);
    expect(reorder.size).toBe(3);
    expect(notes(reorder.drain())).toEqual([2, 3, 4]);
    expect(reorder.drain()).toEqual([]);
  });

  test('H47 releases at most the given number, but never keeps more than the capacity', () => {
    const reorder = createReorder(100, 50);
    for (let i = 0; i < 100; i++) reorder.add(draft(1_000, i), 1_000);
    expect(notes(reorder.release(1_000, 10))).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(notes(reorder.release(1_100, 10))).toEqual(Array.from({ length: 10 }, (_, i) => 50 + i));
    expect(reorder.size).toBe(40);
  });
});
