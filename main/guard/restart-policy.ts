/** Pause in ms before the first, second, … attempt to restart a server. After the last one the supervisor gives up. */
export const RESTART_PAUSES_MS = [0, 1_000, 2_000, 5_000, 10_000, 20_000] as const;
/** A server that ran this long, in ms, counts as stable: after its next failure all attempts are available again. */
export const STABLE_MS = 60_000;

/** The previous restart attempts. */
export interface RestartHistory {
  /** Attempts since the server was last stable. */
  readonly tries: number;
  /** When it began to listen, in ms of a monotonic clock; null while it does not listen. */
  readonly runningSince: number | null;
}

export type RestartStep = { do: 'try'; pauseMs: number; history: RestartHistory } | { do: 'give up' };

/** The next step after the server or a restart attempt failed at `now`. */
export function nextRestart({ tries, runningSince }: RestartHistory, now: number): RestartStep {
  const wasStable = runningSince !== null && now - runningSince >= STABLE_MS;
  const attemptsSoFar = wasStable ? 0 : tries;
  const pauseMs = RESTART_PAUSES_MS[attemptsSoFar];
  if (pauseMs === undefined) return { do: 'give up' };
  return { do: 'try', pauseMs, history: { tries: attemptsSoFar + 1, runningSince: null } };
}
