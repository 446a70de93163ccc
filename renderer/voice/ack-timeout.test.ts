import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAckTimeout } from './ack-timeout.ts';

/** The result of each tick, for the frames sent and acknowledged by then. */
function ticks(...seconds: Array<[through: number, acknowledged: number]>): boolean[] {
  const watch = createAckTimeout();
  return seconds.map(([through, acknowledged]) => watch.tick(through, acknowledged));
}

test('three ticks without an acknowledgement and 20 frames in flight: frozen', () => {
  expect(ticks([19, -1], [19, -1], [19, -1])).toEqual([false, false, true]);
  expect(ticks([49, 29], [99, 29], [149, 29], [199, 29])).toEqual([false, false, false, true]);
});

test('fewer than 20 frames in flight: never frozen', () => {
  expect(ticks(...Array.from({ length: 20 }, (): [number, number] => [18, -1]))).not.toContain(true);
});

test('any acknowledgement restarts the count', () => {
  expect(ticks([99, -1], [99, -1], [99, 0], [99, 0], [99, 0], [99, 0])).toEqual([
    false,
    false,
    false,
    false,
    false,
    true,
  ]);
});

test('a tick with few frames in flight restarts the count', () => {
  expect(ticks([30, 9], [30, 9], [20, 9], [30, 9], [30, 9], [30, 9])).toEqual([
    false,
    false,
    false,
    false,
    false,
    true,
  ]);
});

test('stays frozen until it is reset; then the count restarts', () => {
  const watch = createAckTimeout();
  const tick = () => watch.tick(99, 9);
  expect([tick(), tick(), tick(), tick(), tick()]).toEqual([false, false, false, true, true]);
  watch.reset();
  expect([tick(), tick(), tick()]).toEqual([false, false, true]);
});

test('never frozen with an acknowledgement at least every other second, however much is sent', () => {
  const second = fc.record({ sent: fc.nat({ max: 100 }), acknowledged: fc.integer({ min: 1, max: 60 }) });
  fc.assert(
    fc.property(fc.array(second, { maxLength: 60 }), (seconds) => {
      const watch = createAckTimeout();
      let through = 200;
      let acknowledged = -1;
      for (const [i, { sent, acknowledged: more }] of seconds.entries()) {
        through += sent;
        if (i % 2 === 0) acknowledged = Math.min(acknowledged + more, through);
        if (watch.tick(through, acknowledged) && through > acknowledged) return false;
      }
      return true;
    }),
  );
});
