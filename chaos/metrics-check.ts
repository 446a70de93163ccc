import type { HostileTally } from './hostile/tally.ts';

/** Counters of the server, read from `GET /metrics` in the Prometheus text exposition format. */
export interface ServerCounts {
  /** By HTTP status. */
  refusals: ReadonlyMap<number, number>;
  attempts: number;
  /** Attempts whose welcome was answered, aborted or failed. */
  welcomes: number;
}

export function readMetrics(text: string): ServerCounts {
  const refusals = new Map<number, number>();
  const totals = new Map<string, number>();
  for (const [, name = '', status, value] of text.matchAll(/^earshot_(\w+)_total(?:\{\w+="(\d+)"\})? (\d+)$/gm)) {
    if (name === 'connections_refused') refusals.set(Number(status), Number(value));
    else totals.set(name, (totals.get(name) ?? 0) + Number(value));
  }
  const total = (name: string): number => totals.get(name) ?? 0;
  const welcomes = total('welcomes_answered') + total('welcomes_aborted') + total('welcomes_failed');
  return { refusals, attempts: total('connection_attempts'), welcomes };
}

/** Statuses sent only to hostile peers, never to a regular window. */
const ONLY_HOSTILE = [401, 404, 405] as const;

/**
 * Compares the server's counters with what the peers observed, after all of them have disconnected.
 * @returns a sentence for each mismatch
 */
export function findMismatches({ refusals, attempts, welcomes }: ServerCounts, tally: HostileTally): string[] {
  const found: string[] = [];
  // The server may have counted a refusal without sending it if it stopped at that moment.
  const { moved } = tally.results;
  for (const status of new Set<number>([...ONLY_HOSTILE, ...tally.refusals.keys()])) {
    const seen = tally.refusals.get(status) ?? 0;
    const counted = refusals.get(status) ?? 0;
    const most = ONLY_HOSTILE.some((only) => only === status) ? seen + moved : Number.POSITIVE_INFINITY;
    if (counted < seen || counted > most) found.push(`status ${status}: ${counted} counted, ${seen} seen`);
  }
  const refusedToResume = tally.endings.get('closed 4410') ?? 0;
  const open = attempts - welcomes - refusedToResume;
  if (open < 0 || open > moved) {
    found.push(`${attempts} attempts, ${welcomes} welcomes that ended, ${refusedToResume} with nothing to resume`);
  }
  return found;
}
