/** Shortest interval in ms between health notifications to the windows. */
export const HEALTH_NOTIFY_MS = 1_000;

export interface HealthNotifier {
  /** Call when a value has changed. Cheap enough to call for every audio frame. */
  changed(): void;
  stop(): void;
}

/**
 * Combines the changes of one second into one notification: calls `notify` 1 s after the first change, never
 * synchronously and never without a change.
 */
export function createHealthNotifier(notify: () => void): HealthNotifier {
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  return {
    changed() {
      if (timer !== null || stopped) return;
      timer = setTimeout(() => {
        timer = null;
        notify();
      }, HEALTH_NOTIFY_MS);
      // A pending notification must not keep the process alive.
      timer.unref();
    },
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
