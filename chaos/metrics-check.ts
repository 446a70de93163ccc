import type { AttackTally } from './hostile/attack-tally.ts';

/** Counters of the server, read from `GET /metrics` in the Prometheus text exposition format. */
export interface ServerCounts {
  /** By HTTP status. */
  refusals: ReadonlyMap<number, number>;
  attempts: number;
  /** Number of attempts whose welcome was answered, aborted or failed. */
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

/** Statuses that only hostile peers get, never a regular window. */
const ONLY_HOSTILE = [401, 404, 405] as const;

/**
 * Compares the server's counters with what the peers observed, after all peers have disconnected.
 * @returns one message per mismatch
 */
export function findMismatches({ refusals, attempts, welcomes }: ServerCounts, tally: AttackTally): string[] {
  const found: string[] = [];
  // A server that stops may count a refusal that it does not send.
  const { restarted } = tally.results;
  for (const status of new Set<number>([...ONLY_HOSTILE, ...tally.refusals.keys()])) {
    const seen = tally.refusals.get(status) ?? 0;
    const counted = refusals.get(status) ?? 0;
    const most = ONLY_HOSTILE.some((only) => only === status) ? seen + restarted : Number.POSITIVE_INFINITY;
    if (counted < seen || counted > most) found.push(`status ${status}: ${counted} counted, ${seen} seen`);
  }
  const refusedToResume = tally.endings.get('closed 4410') ?? 0;
  const open = attempts - welcomes - refusedToResume;
  if (open < 0 || open > restarted) {
    found.push(`${attempts} attempts, ${welcomes} welcomes that ended, ${refusedToResume} with nothing to resume`);
  }
  return found;
}
