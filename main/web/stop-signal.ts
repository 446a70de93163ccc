import type { EventEmitter } from 'node:events';
import { constants } from 'node:os';

/** Ctrl-C, a service manager's stop, and a terminal that was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/**
 * A second signal sooner than this (ms) is the first one again: Ctrl-C reaches the whole process group, and npm
 * passes its own copy on to us.
 */
export const SAME_SIGNAL_MS = 500;

/** The part of `process` that is used here. */
export interface SignalSource extends Pick<EventEmitter, 'on' | 'off'> {
  exit(code: number): void;
}

/**
 * Resolves at the first signal that asks to stop. From then on another one exits at once: whoever presses Ctrl-C
 * again does not want to wait. Its code is 128 and the second signal's number, as shells report one: 130 for Ctrl-C.
 */
export function stopSignal(source: SignalSource, now: () => number = () => performance.now()): Promise<void> {
  return new Promise((resolve) => {
    let first: number | null = null;
    const onSignal = (signal: (typeof SIGNALS)[number]) => {
      if (first === null) {
        first = now();
        resolve();
      } else if (now() - first >= SAME_SIGNAL_MS) {
        source.exit(128 + constants.signals[signal]);
      }
    };
    for (const signal of SIGNALS) source.on(signal, onSignal);
  });
}
