import type { Unsubscribe } from '../../shared/bridge.ts';
import type { Level, VoiceClient } from '../voice/voice-client.ts';
import { isAtRest, METER_AT_REST, type MeterReading, stepMeter } from './meter-scale.ts';

/** One picture of the level, made once a screen frame for everything that draws it. */
export interface LevelFrame {
  reading: MeterReading;
  /** The levels that came since the last picture, oldest first. */
  levels: readonly Level[];
}

export interface LevelFeed {
  /** Told once a screen frame while there is something to see; the last picture is the meter at rest. */
  subscribe(listener: (frame: LevelFrame) => void): Unsubscribe;
}

/** The screen's frames, as the browser hands them out. */
export interface Frames {
  request(callback: (time: number) => void): number;
  cancel(handle: number): void;
}

const BROWSER_FRAMES: Frames = {
  request: (callback) => requestAnimationFrame(callback),
  cancel: (handle) => cancelAnimationFrame(handle),
};
/** After a stall the meter goes on as if this much (ms) had passed. */
const MAX_STEP_MS = 100;
/** 2 s of levels; a hidden window gets no frames and must not pile them up. */
const MAX_PENDING = 100;

/**
 * Turns 50 levels a second into one picture a screen frame. It runs only while someone looks and the level moves,
 * so an idle window costs nothing.
 */
export function createLevelFeed(client: Pick<VoiceClient, 'onLevel'>, frames: Frames = BROWSER_FRAMES): LevelFeed {
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
