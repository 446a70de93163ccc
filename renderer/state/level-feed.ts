import type { Unsubscribe } from '../../shared/bridge.ts';
import type { Level, VoiceClient } from '../voice/voice-client.ts';
import { isAtRest, METER_AT_REST, type MeterReading, stepMeter } from './meter-scale.ts';
import { createSlowFrames } from './slow-frames.ts';

/** The level at one frame, shared by everything that draws it. */
export interface LevelFrame {
  reading: MeterReading;
  /** Levels received since the last frame, oldest first. */
  levels: readonly Level[];
}

export interface LevelFeed {
  /** Calls `listener` about 20 times a second while the level changes. The last call is the meter at rest. */
  subscribe(listener: (frame: LevelFrame) => void): Unsubscribe;
}

/** As `requestAnimationFrame` and `cancelAnimationFrame`. */
export interface Frames {
  request(callback: (time: number) => void): number;
  cancel(handle: number): void;
}

/** Longest step (ms) of the meter between two frames, as after a stall. */
const MAX_STEP_MS = 100;
/** Most levels kept for the next frame (2 s): a hidden window gets no frames. */
const MAX_PENDING = 100;

/**
 * Combines 50 levels a second into one reading per frame. It requests frames only while it has subscribers and
 * the level changes, so an idle window uses no CPU.
 */
export function createLevelFeed(client: Pick<VoiceClient, 'onLevel'>, frames: Frames = createSlowFrames()): LevelFeed {
  const listeners = new Set<(frame: LevelFrame) => void>();
  let pending: Level[] = [];
  let reading = METER_AT_REST;
  let handle: number | null = null;
  let drawnAt: number | null = null;
  let unsubscribe: Unsubscribe | null = null;

  function draw(time: number): void {
    const levels = pending;
    pending = [];
    const elapsed = drawnAt === null ? 0 : Math.min(MAX_STEP_MS, time - drawnAt);
    drawnAt = time;
    const peaks = levels.flatMap(({ peak }) => (peak === null ? [] : [peak]));
    reading = stepMeter(reading, peaks.length > 0 ? Math.max(...peaks) : null, elapsed);
    const more = levels.length > 0 || !isAtRest(reading);
    handle = more ? frames.request(draw) : null;
    if (!more) drawnAt = null;
    for (const listener of listeners) listener({ reading, levels });
  }

  function receive(level: Level): void {
    pending.push(level);
    if (pending.length > MAX_PENDING) pending.shift();
    handle ??= frames.request(draw);
  }

  function stop(): void {
    unsubscribe?.();
    unsubscribe = null;
    if (handle !== null) frames.cancel(handle);
    handle = null;
    drawnAt = null;
    pending = [];
    reading = METER_AT_REST;
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      unsubscribe ??= client.onLevel(receive);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
  };
}
