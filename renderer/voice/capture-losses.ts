import { FRAME_MS } from '../../shared/audio-format.ts';
import type { Log } from '../../shared/log-event.ts';
import type { TurnLosses } from './voice-client.ts';

/** Counts the audio that the microphone did not capture since the last press, and logs the gaps. */
export interface CaptureLosses {
  readonly totals: Omit<TurnLosses, 'lostMs' | 'undeliveredMs'>;
  /**
   * Adds a gap of `ms`.
   * @param why `stalled`: the open microphone delivered nothing; `changed`: one device replaced another
   * @returns its length in ms, rounded to whole frames
   */
  addGap(ms: number, why?: 'changed' | 'stalled'): number;
  /** Adds the estimated time (ms) that the computer slept while the microphone was open. */
  addSleep(ms: number): void;
  /** Logs the time that the microphone has delivered nothing, if it is not logged yet. Call it when the stall ends. */
  logStall(): void;
  /** Starts again from zero, at a new press. */
  reset(): void;
}

export function createCaptureLosses(log: Log): CaptureLosses {
  const none = { uncapturedMs: 0, stalledMs: 0, changedMs: 0, sleptMs: 0 };
  let totals = none;
  let stalledLogged = 0;

  return {
    get totals() {
      return totals;
    },
    addGap(ms, why) {
      const roundedMs = Math.round(ms / FRAME_MS) * FRAME_MS;
      const seconds = Math.round(ms) / 1000;
      totals = {
        ...totals,
        uncapturedMs: totals.uncapturedMs + roundedMs,
        stalledMs: totals.stalledMs + (why === 'stalled' ? roundedMs : 0),
        changedMs: totals.changedMs + (why === 'changed' ? roundedMs : 0),
      };
      if (why === 'changed')
        log('CAPTURE_GAP', { seconds, why: 'the microphone went away, and another took its place' });
      // Gaps of a stalled microphone arrive in several parts; they are logged together when the stall ends.
      else if (why !== 'stalled') log('CAPTURE_GAP', { seconds });
      return roundedMs;
    },
    addSleep(ms) {
      totals = { ...totals, sleptMs: totals.sleptMs + ms };
    },
    logStall() {
      const ms = totals.stalledMs - stalledLogged;
      stalledLogged = totals.stalledMs;
      if (ms > 0) log('CAPTURE_GAP', { seconds: ms / 1000, why: 'the microphone sent nothing' });
    },
    reset() {
      totals = none;
      stalledLogged = 0;
    },
  };
}
