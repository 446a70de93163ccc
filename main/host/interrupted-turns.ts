import type { InterruptedTurn } from '../../shared/bridge.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { endsWithin } from '../../shared/time-limit.ts';

/** The longest time (ms) a page waits for the result: a disk may not answer at all. */
export const SAVE_TIMEOUT_MS = 4_000;
/** How many failures are kept, of all windows together. */
export const MAX_FAILURES = 100;

/** The messages of failed recordings, by session. The page that was notified may be gone, so the next page can ask. */
export interface RecordingFailures {
  note(sessionId: string, message: string): void;
  /** The last failure of the last of these sessions that has one; null if none has. */
  find(sessionIds: readonly string[]): string | null;
}

export interface InterruptedTurnsOptions {
  /** Ends a session that has no connection. Resolves when its recording is finished. */
  endSession(sessionId: string): Promise<'ended' | 'connected'>;
  /** Newest first. */
  listRecordings(): Promise<RecordingInfo[]>;
  failures: Pick<RecordingFailures, 'find'>;
}

/** Ends turns whose page is gone and returns their recordings. */
export interface InterruptedTurns {
  /**
   * Ends the sessions of a turn. Resolves within about `SAVE_TIMEOUT_MS`.
   * @returns `saving` if the recordings are not finished by then; `connected` if another page has the turn
   * @throws {EarshotError} `recordings_unreadable` if the list can't be read and the turn has no failure that explains
   *   why
   */
  end(sessionIds: readonly string[]): Promise<InterruptedTurn>;
}

/** Keeps the newest `MAX_FAILURES` failures. */
export function createRecordingFailures(): RecordingFailures {
  /** The last failure of each session, oldest first. */
  const messages = new Map<string, string>();
  return {
    note(sessionId, message) {
      messages.delete(sessionId);
      messages.set(sessionId, message);
      const [oldest] = messages.keys();
      if (messages.size > MAX_FAILURES && oldest !== undefined) messages.delete(oldest);
    },
    find: (sessionIds) => sessionIds.flatMap((id) => messages.get(id) ?? []).at(-1) ?? null,
  };
}

export function createInterruptedTurns({
  endSession,
  listRecordings,
  failures,
}: InterruptedTurnsOptions): InterruptedTurns {
  async function endAndList(ids: readonly string[]): Promise<InterruptedTurn> {
    const ends = await Promise.all(ids.map(endSession));
    if (ends.includes('connected')) return { state: 'connected', recordings: [], failure: null };
    const failure = failures.find(ids);
    const all = await listRecordings().catch((error: unknown) => {
      // A folder that can't be written is often unreadable too. The first failure is then the better explanation.
      if (failure === null) throw error;
      return [];
    });
    const recordings = all.filter(({ session_id }) => ids.includes(session_id)).reverse();
    return { state: 'ended', recordings, failure };
  }

  return {
    async end(sessionIds) {
      const ended = endAndList(sessionIds);
      if (await endsWithin(SAVE_TIMEOUT_MS, ended)) return ended;
      return { state: 'saving', recordings: [], failure: failures.find(sessionIds) };
    },
  };
}
