import { describe, expect, test, vi } from 'vitest';
import { fakeClient } from '../testing/fakes.ts';
import { createLevelFeed, type LevelFrame } from './level-feed.ts';

/** Animation frames that run when the test calls for them. */
function fakeFrames() {
  let pending: ((time: number) => void) | null = null;
  let time = 0;
  return {
    frames: {
      request: (callback: (time: number) => void) => {
        pending = callback;
        return 1;
      },
      cancel: () => {
        pending = null;
      },
    },
    waiting: () => pending !== null,
    draw() {
      const callback = pending;
      pending = null;
      time += 16;
      callback?.(time);
    },
  };
}

describe('level feed', () => {
  test('levels are combined into one reading per screen frame, with the highest peak', () => {
    const { client, emitLevel } = fakeClient();
    const { frames, draw } = fakeFrames();
    const readings: LevelFrame[] = [];
    createLevelFeed(client, frames).subscribe((frame) => readings.push(frame));
    for (const peak of [-40, -12, null, -30]) emitLevel(peak);
    draw();
    expect(readings).toHaveLength(1);
    expect(readings[0]?.reading.bar).toBe(-12);
    expect(readings[0]?.levels).toHaveLength(4);
  });

  test('stops requesting frames once the level has fallen, and starts again with the next sound', () => {
    const { client, emitLevel } = fakeClient();
    const { frames, draw, waiting } = fakeFrames();
    createLevelFeed(client, frames).subscribe(() => {});
    expect(waiting()).toBe(false);
    emitLevel(-20);
    for (let i = 0; i < 2_000 && waiting(); i++) draw();
    expect(waiting()).toBe(false);
    emitLevel(-20);
    expect(waiting()).toBe(true);
  });

  test('H13 two subscribers share one subscription to the client, which ends with the last of them', () => {
    const { client, emitLevel, levelListeners } = fakeClient();
    const { frames, waiting } = fakeFrames();
    const feed = createLevelFeed(client, frames);
    const listener = vi.fn();
    const first = feed.subscribe(listener);
    first();
    const second = feed.subscribe(listener);
    const third = feed.subscribe(() => {});
    expect(levelListeners.size).toBe(1);
    emitLevel(-20);
    second();
    third();
    expect(levelListeners.size).toBe(0);
    expect(waiting()).toBe(false);
  });
});
