import { app } from 'electron';
import type { Log } from '../../shared/log-event.ts';

/** As Chromium names the process that talks to the system's sound. */
export const AUDIO_PROCESS = 'Audio Service';
/** Not more often than this (ms): several windows may ask at once. */
const PAUSE_MS = 900;

export interface AudioProcess {
  /** @returns false: it was not running */
  restart(): boolean;
  /** Whether it was ended by `restart`, and this is its end: an end that nobody asked for is an error. */
  wasEnded(): boolean;
}

/**
 * Ends Chromium's audio process, which starts again with the next sound. On Linux it never reconnects to a sound server that
 * was restarted: until it is ended it reports no device at all, whatever the page does.
 * @param end ends a process by its id
 * @param now ms of a clock that never goes back
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
      if (now() - last < PAUSE_MS) return true;
      const audio = app.getAppMetrics().find(({ type, name }) => type === 'Utility' && name === AUDIO_PROCESS);
      if (audio === undefined) return false;
      last = now();
      log('AUDIO_RESTARTED');
      try {
        end(audio.pid);
        ending = true;
        return true;
      } catch {
        return false; // it has ended by itself
      }
    },
    wasEnded() {
      const was = ending;
      ending = false;
      return was;
    },
  };
}
