import { app } from 'electron';
import type { Log } from '../../shared/log-event.ts';

/** As Chromium names the process that talks to the system's sound. */
const AUDIO_PROCESS = 'Audio Service';
/** Not more often than this (ms): several windows may ask at once. */
const PAUSE_MS = 900;

/**
 * Ends Chromium's audio process, which starts again with the next sound. On Linux it never reconnects to a sound server that
 * was restarted: until it is ended it reports no device at all, whatever the page does.
 * @returns asks for it; false: it was not running
 */
export function createRestartAudio(
  log: Log,
  end: (pid: number) => void = (pid) => void process.kill(pid),
  now: () => number = () => performance.now(),
): () => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    if (now() - last < PAUSE_MS) return true;
    const audio = app.getAppMetrics().find(({ type, name }) => type === 'Utility' && name === AUDIO_PROCESS);
    if (audio === undefined) return false;
    last = now();
    log('AUDIO_RESTARTED');
    try {
      end(audio.pid);
      return true;
    } catch {
      return false; // it has ended by itself
    }
  };
}
