import type { LogDraft } from '../../shared/log-event.ts';

/** How long (ms) an event waits for earlier ones of the other side: a window's batches are up to 50 ms old when they come. */
export const REORDER_MS = 100;
/** A clock further ahead than this (ms) is wrong, and the event gets the time at which it came. */
const MAX_AHEAD_MS = 1_000;
/** The wall clock was set back when it runs backwards by more than this (ms). */
const SET_BACK_MS = 100;

/** Holds drafts for a moment, so that both sides' events come out in the order in which they happened. */
export interface Reorder {
  /** Takes a draft in that arrives at `now` (ms since the epoch). */
  add(draft: LogDraft, now: number): void;
  /**
   * Gives up, in order of time, what has waited long enough; equal times stay in the order of their arrival. A draft older
   * than one that is already out can't go before it any more: it is the next to come out. At most `max` at a time, or as
   * many as are over the capacity: what waits has a bound, however slowly it is fetched.
   */
  release(now: number, max?: number): LogDraft[];
  /** Gives up all that is held. */
  drain(): LogDraft[];
  /** How many drafts are held. */
  readonly size: number;
}

/**
 * @param windowMs how long (ms) a draft waits, counted from its own time
 * @param capacity the most drafts that are held; beyond it the oldest are due at once
 */
export function createReorder(windowMs = REORDER_MS, capacity = 10_000): Reorder {
  /** In order of time. */
  let held: LogDraft[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  let setBack = false;

  /** At each sight of the clock, also when something comes in: what was released last may be an hour ago. */
  const look = (now: number): void => {
    setBack ||= now < latest - SET_BACK_MS;
    latest = now;
  };

  const take = (count: number): LogDraft[] => {
    if (count === 0) return [];
    if (count < held.length) return held.splice(0, count);
    const all = held;
    held = [];
    return all;
  };

  return {
    add(draft, now) {
      look(now);
      const wrong = !Number.isFinite(draft.time) || draft.time > now + MAX_AHEAD_MS;
      const timed = wrong ? { ...draft, time: now } : draft;
      // From the end: all but the latecomers belong there.
      let at = held.length;
      while (at > 0 && (held[at - 1]?.time ?? 0) > timed.time) at--;
      if (at === held.length) held.push(timed);
      else held.splice(at, 0, timed);
    },
    release(now, max = Number.POSITIVE_INFINITY) {
      look(now);
      // What was stamped before the clock was set back would wait until the clock has caught up.
      if (setBack) {
        setBack = false;
        return take(held.length);
      }
      let due = Math.max(held.length - capacity, 0);
      while (due < held.length && due < max && (held[due]?.time ?? 0) + windowMs <= now) due++;
      return take(due);
    },
    drain: () => take(held.length),
    get size() {
      return held.length;
    },
  };
}
