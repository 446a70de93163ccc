import type { LogDraft } from '../../shared/log-event.ts';

/** How long (ms) an event waits for earlier events of the other side. A window's events arrive up to 50 ms late. */
export const REORDER_MS = 100;
/** An event that is further in the future than this (ms) has a wrong time and gets its time of arrival instead. */
const MAX_AHEAD_MS = 1_000;
/** A backward jump of the wall clock by more than this (ms) means that the clock was set back. */
const SET_BACK_MS = 100;

/** Delays drafts briefly, so that events of both sides are released in the order of their times. */
export interface Reorder {
  /** Adds a draft. @param now time of arrival, in ms since the epoch */
  add(draft: LogDraft, now: number): void;
  /**
   * Removes and returns the drafts that have waited long enough, sorted by time; equal times stay in order of arrival.
   * A draft that is older than one already released is released next. Returns at most `max` drafts, or more if more
   * than the capacity are waiting.
   */
  release(now: number, max?: number): LogDraft[];
  /** Removes and returns all drafts. */
  drain(): LogDraft[];
  /** Number of waiting drafts. */
  readonly size: number;
}

/**
 * @param windowMs how long (ms) a draft waits, counted from its own time
 * @param capacity maximum number of waiting drafts; the oldest ones beyond it are released immediately
 */
export function createReorder(windowMs = REORDER_MS, capacity = 10_000): Reorder {
  /** Sorted by time. */
  let waiting: LogDraft[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  let setBack = false;

  /** Called for every reading of the clock, also by `add`: the last release may have been an hour ago. */
  const watchClock = (now: number): void => {
    setBack ||= now < latest - SET_BACK_MS;
    latest = now;
  };

  const take = (count: number): LogDraft[] => {
    if (count === 0) return [];
    if (count < waiting.length) return waiting.splice(0, count);
    const all = waiting;
    waiting = [];
    return all;
  };

  return {
    add(draft, now) {
      watchClock(now);
      const hasWrongTime = !Number.isFinite(draft.time) || draft.time > now + MAX_AHEAD_MS;
      const timed = hasWrongTime ? { ...draft, time: now } : draft;
      // Search from the end, where most drafts belong.
      let at = waiting.length;
      while (at > 0 && (waiting[at - 1]?.time ?? 0) > timed.time) at--;
      if (at === waiting.length) waiting.push(timed);
      else waiting.splice(at, 0, timed);
    },
    release(now, max = Number.POSITIVE_INFINITY) {
      watchClock(now);
      // Otherwise drafts from before the clock was set back would wait until the clock has caught up.
      if (setBack) {
        setBack = false;
        return take(waiting.length);
      }
      let due = Math.max(waiting.length - capacity, 0);
      while (due < waiting.length && due < max && (waiting[due]?.time ?? 0) + windowMs <= now) due++;
      return take(due);
    },
    drain: () => take(waiting.length),
    get size() {
      return waiting.length;
    },
  };
}
