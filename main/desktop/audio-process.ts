import { app } from 'electron';
import type { Log } from '../../shared/log-event.ts';

/** Chromium's name for the process that uses the system's sound server. */
export const AUDIO_PROCESS = 'Audio Service';
/** Minimum time between two restarts (ms): several windows may ask at the same time. */
const MIN_INTERVAL_MS = 900;

export interface AudioProcess {
  /** Ends the process. @returns false: it was not running */
  restart(): boolean;
  /** Whether `restart` caused the latest exit of the process. Resets: the next exit is unexpected again. */
  wasEndedByUs(): boolean;
}

/**
 * Ends Chromium's audio process; Chromium starts a new one when it needs audio. On Linux the process never reconnects
 * to a restarted sound server and reports no devices until it is replaced.
 * @param end ends a process by its id
 * @param now monotonic clock (ms)
 */
export function createAudioProcess(
  log: Log,
  end: (pid: number) => void = (pid) => void process.kill(pid),
  now: () => number = () => performance.now(),
): AudioProcess {
  let last = Number.NEGATIVE_INFINITY;
  let ending = false;
  return {
    restart() {
      if (now() - last < MIN_INTERVAL_MS) return true;
      const audio = app.getAppMetrics().find(({ type, name }) => type === 'Utility' && name === AUDIO_PROCESS);
      if (audio === undefined) return false;
      last = now();
      log('AUDIO_RESTARTED');
      try {
        end(audio.pid);
        ending = true;
        return true;
      } catch {
        return false; // The process has already exited.
      }
    },
    wasEndedByUs() {
      const was = ending;
      ending = false;
      return was;
    },
  };
}
