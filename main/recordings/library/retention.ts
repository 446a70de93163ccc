import type { RetentionPreview } from '../../../shared/recording-library.ts';
import type { RetentionPolicy } from '../../../shared/retention.ts';
import { isSettled, type LibraryEntry } from './read-entry.ts';
import { positionOf } from './sort-order.ts';

const DAY_MS = 24 * 60 * 60_000;

/**
 * The recordings that a policy deletes. Recordings that are not finished are never deleted, but count. A limit of size
 * always keeps the newest recording.
 * @param entries newest first
 * @param now ms since the epoch
 */
export function expiredEntries(entries: readonly LibraryEntry[], policy: RetentionPolicy, now: number): LibraryEntry[] {
  let bytes = 0;
  return entries.filter(({ info, wavBytes }, index) => {
    bytes += wavBytes;
    return isSettled(info) && isExpired(policy, { index, bytes, ageMs: now - Date.parse(positionOf(info).key) });
  });
}

/** @param place `bytes`: size of this recording and all newer ones; `ageMs`: NaN if its time is not known */
function isExpired(policy: RetentionPolicy, place: { index: number; bytes: number; ageMs: number }): boolean {
  switch (policy.retention) {
    case 'all':
      return false;
    case 'days':
      return place.ageMs > policy.retention_days * DAY_MS;
    case 'number':
      return place.index >= policy.retention_number;
    case 'size':
      return place.index > 0 && place.bytes > policy.retention_mb * 1_000_000;
    case 'none':
      return true;
  }
}

/** @param entries newest first */
export function summarise(entries: readonly LibraryEntry[]): RetentionPreview {
  return {
    recordings: entries.length,
    duration_s: entries.reduce((sum, { info }) => sum + info.duration_s, 0),
    bytes: entries.reduce((sum, { wavBytes }) => sum + wavBytes, 0),
    oldest: entries.at(-1)?.info.started_at ?? null,
    newest: entries[0]?.info.started_at ?? null,
  };
}
