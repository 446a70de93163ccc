import type { InterruptedTurn } from '../../shared/bridge.ts';
import type { RecordingInfo } from '../../shared/recording.ts';

/** How long a page waits at most (ms) until it is told what was saved: a disk may not answer at all. */
export const SAVE_TIMEOUT_MS = 4_000;
/** Failures that are remembered: those of the last turns, of all windows. */
export const MAX_FAILURES = 100;

export interface InterruptedTurnsOptions {
  /** Ends a session that has no connection. Resolves when its recording is finished. */
  endSession(sessionId: string): Promise<'ended' | 'connected'>;
  /** Newest first. */
  listRecordings(): Promise<RecordingInfo[]>;
}

/** Ends turns whose page went away, and knows what became of them. */
export interface InterruptedTurns {
  /** A recording of this session could not be written: the page that is told may be gone, the next one asks. */
  noteFailure(sessionId: string, message: string): void;
  /**
   * Ends what is left of a turn, by the ids of its sessions. Answers within about `SAVE_TIMEOUT_MS`.
   * @throws {EarshotError} `recordings_unreadable` where no failure of the turn is known that tells why
   */
  end(sessionIds: readonly string[]): Promise<InterruptedTurn>;
}

export function createInterruptedTurns({ endSession, listRecordings }: InterruptedTurnsOptions): InterruptedTurns {
  /** The sentence of each session's last failure; the oldest first. */
  const failures = new Map<string, string>();
  const failureOf = (ids: readonly string[]) => ids.flatMap((id) => failures.get(id) ?? []).at(-1) ?? null;

  async function endAndList(ids: readonly string[]): Promise<InterruptedTurn> {
    const ends = await Promise.all(ids.map(endSession));
    if (ends.includes('connected')) return { state: 'connected', recordings: [], failure: null };
    const failure = failureOf(ids);
    const all = await listRecordings().catch((error: unknown) => {
      // A folder that could not be written may well not be readable: then the first reason is the one to tell.
      if (failure === null) throw error;
      return [];
    });
    const recordings = all.filter(({ session_id }) => ids.includes(session_id)).reverse();
    return { state: 'ended', recordings, failure };
  }

  return {
    noteFailure(sessionId, message) {
      failures.delete(sessionId);
      failures.set(sessionId, message);
      const [oldest] = failures.keys();
      if (failures.size > MAX_FAILURES && oldest !== undefined) failures.delete(oldest);
    },
    async end(sessionIds) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), SAVE_TIMEOUT_MS);
      });
      const ended = await Promise.race([endAndList(sessionIds), late]).finally(() => clearTimeout(timer));
      return ended ?? { state: 'saving', recordings: [], failure: failureOf(sessionIds) };
    },
  };
}
