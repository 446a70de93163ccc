/** Windows hear of their host's health at most this often. */
export const HEALTH_NOTIFY_MS = 1_000;

export interface HealthNotifier {
  /** A figure has changed. Cheap enough for every frame of audio. */
  changed(): void;
  stop(): void;
}

/**
 * Gathers the changes of a second into one piece of news: `tell` is called a second after the first of them, never
 * within the call that reported it, and not at all while nothing changes.
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
      // News alone is no reason for a process to go on.
      timer.unref();
    },
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
