import type { EventEmitter } from 'node:events';
import { constants } from 'node:os';

/** Ctrl-C, a service manager's stop, and a closed terminal. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/**
 * A second signal within this time is a duplicate of the first (ms): Ctrl-C reaches the whole process group, and npm
 * forwards its own copy.
 */
export const SAME_SIGNAL_MS = 500;

/** The part of `process` that is used here. */
export interface SignalSource extends Pick<EventEmitter, 'on' | 'off'> {
  exit(code: number): void;
}

/**
 * Resolves at the first signal to stop. A second signal exits immediately, with 128 plus the signal's number as the
 * exit code, as shells report it (130 for Ctrl-C).
 */
export function stopSignal(source: SignalSource, now: () => number = () => performance.now()): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | null = null;
    const onSignal = (signal: (typeof SIGNALS)[number]) => {
      if (firstAt === null) {
        firstAt = now();
        resolve();
      } else if (now() - firstAt >= SAME_SIGNAL_MS) {
        source.exit(128 + constants.signals[signal]);
      }
    };
    for (const signal of SIGNALS) source.on(signal, onSignal);
  });
}
