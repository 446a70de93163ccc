import type { Log } from '../../shared/log-event.ts';
import { createAckTimeout } from './ack-timeout.ts';
import type { OutgoingAudio } from './outgoing-audio.ts';

/** Interval of the audio log line, in ms; the server uses the same. */
const TICK_MS = 1_000;

/** Logs once a second how much audio was sent and acknowledged, and detects frozen connections. */
export interface AudioReport {
  /** The session is connected, for the first time or again. */
  start(session: string): void;
  /** The session has lost its connection. */
  pause(): void;
  /** The session is over. */
  stop(): void;
  /** Logs the audio lost since the last call, if any. */
  reportLoss(): void;
  /** Marks `ms` of a coming loss as already reported. */
  markReported(ms: number): void;
  /** Resets the loss count, at a new press. */
  resetLoss(): void;
}

export function createAudioReport(
  audio: Pick<OutgoingAudio, 'through' | 'acknowledged' | 'lostMs'>,
  log: Log,
  events: { onLoss(): void; onFrozen(): void },
): AudioReport {
  const watch = createAckTimeout();
  let session = '';
  let reportedThrough = -1;
  let reportedLoss = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  let connected = false;

  function summarise(): void {
    const frames = audio.through - reportedThrough;
    reportedThrough = audio.through;
    if (frames > 0) log('AUDIO', { session, frames, through: audio.through, acknowledged: audio.acknowledged });
  }

  function reportLoss(): void {
    const ms = audio.lostMs - reportedLoss;
    if (ms <= 0) return;
    reportedLoss = audio.lostMs;
    log('AUDIO_LOST', { session, seconds: Math.round(ms) / 1000 });
    events.onLoss();
  }

  function tick(): void {
    summarise();
    reportLoss();
    if (connected && watch.tick(audio.through, audio.acknowledged)) {
      log('WS_FROZEN', { session, through: audio.through, acknowledged: audio.acknowledged });
      watch.reset();
      events.onFrozen();
    }
  }

  return {
    start(id) {
      session = id;
      connected = true;
      watch.reset();
      timer ??= setInterval(tick, TICK_MS);
    },
    pause() {
      connected = false;
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      connected = false;
      summarise();
      reportedThrough = -1;
    },
    reportLoss,
    markReported(ms) {
      reportedLoss += ms;
    },
    resetLoss() {
      reportedLoss = 0;
    },
  };
}
