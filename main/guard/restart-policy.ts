/** Pause in ms before the first, the second, … try to start a server again; after the last one it is given up. */
export const RESTART_PAUSES_MS = [0, 1_000, 2_000, 5_000, 10_000, 20_000] as const;
/** A server that stood this long (ms) was well: the next failure is one of its own. */
export const STABLE_MS = 60_000;

/** What has been tried. */
export interface RestartHistory {
  /** Tries since the server was last well. */
  readonly tries: number;
  /** When it began to listen, in ms of a clock that never goes back; null while it does not. */
  readonly runningSince: number | null;
}

export type RestartStep = { do: 'try'; pauseMs: number; history: RestartHistory } | { do: 'give up' };

/** What follows on a failure of the server at `now`, a try that failed among them. */
export function nextRestart({ tries, runningSince }: RestartHistory, now: number): RestartStep {
  const wasWell = runningSince !== null && now - runningSince >= STABLE_MS;
  const before = wasWell ? 0 : tries;
  const pauseMs = RESTART_PAUSES_MS[before];
  if (pauseMs === undefined) return { do: 'give up' };
  return { do: 'try', pauseMs, history: { tries: before + 1, runningSince: null } };
}
