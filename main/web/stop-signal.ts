import type { EventEmitter } from 'node:events';

/** Ctrl-C, a service manager's stop, and a terminal that was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/**
 * A second signal sooner than this (ms) is the first one again: Ctrl-C reaches the whole process group, and npm
 * passes its own copy on to us.
 */
export const SAME_SIGNAL_MS = 500;
/** 128 + SIGINT, as shells report it. */
const EXIT_INTERRUPTED = 130;

/** The part of `process` that is used here. */
export interface SignalSource extends Pick<EventEmitter, 'on' | 'off'> {
  exit(code: number): void;
}

/**
 * Resolves at the first signal that asks to stop. From then on another one exits at once: whoever presses Ctrl-C
 * again does not want to wait.
 */
export function stopSignal(source: SignalSource, now: () => number = () => performance.now()): Promise<void> {
  return new Promise((resolve) => {
    let first: number | null = null;
    const onSignal = () => {
      if (first === null) {
        first = now();
        resolve();
      } else if (now() - first >= SAME_SIGNAL_MS) {
        source.exit(EXIT_INTERRUPTED);
      }
    };
    for (const signal of SIGNALS) source.on(signal, onSignal);
  });
}
