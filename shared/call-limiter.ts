import type { BridgeAnswer } from './bridge.ts';
import { MAX_PENDING_CALLS, MAX_WAITING_CALLS, measureCall, ONE_AT_A_TIME } from './call-limits.ts';

type Invoke = (call: string, args: unknown) => Promise<BridgeAnswer>;

/**
 * Limits a page's calls to its host: rejects calls that are too large, and queues calls over the concurrency limit. It
 * runs in the preload, which the page's scripts can't access. Rejected calls cost the host nothing, not even the copy
 * made by IPC.
 */
export function createCallLimiter(invoke: Invoke): Invoke {
  const waiting: { call: string; start(): void }[] = [];
  /** Number of calls in progress, by name. */
  const pending = new Map<string, number>();
  let all = 0;

  function mayStart(call: string): boolean {
    return all < MAX_PENDING_CALLS && !(ONE_AT_A_TIME.has(call) && pending.has(call));
  }

  async function run(call: string, args: unknown): Promise<BridgeAnswer> {
    all += 1;
    pending.set(call, (pending.get(call) ?? 0) + 1);
    try {
      return await invoke(call, args);
    } finally {
      all -= 1;
      const left = (pending.get(call) ?? 1) - 1;
      if (left > 0) pending.set(call, left);
      else pending.delete(call);
      startNext();
    }
  }

  /** Starts the first waiting call that may start, even if an earlier one may not. */
  function startNext(): void {
    const next = waiting.findIndex(({ call }) => mayStart(call));
    if (next >= 0) waiting.splice(next, 1)[0]?.start();
  }

  return async (call, args) => {
    if (measureCall(args) === null) return refusal('bad_arguments', `${call}: the arguments are too large.`);
    if (mayStart(call)) return run(call, args);
    if (waiting.length >= MAX_WAITING_CALLS) return busy();
    return new Promise((resolve, reject) => {
      waiting.push({ call, start: () => void run(call, args).then(resolve, reject) });
    });
  };
}

/** The answer to a window that makes too many calls. */
export function busy(): BridgeAnswer {
  return refusal(
    'bridge_busy',
    'This window makes more calls than its host can answer. Wait a moment, then try again.',
  );
}

function refusal(code: string, message: string): BridgeAnswer {
  return { ok: false, error: { code, message } };
}
