import type { Log } from '../../shared/log-event.ts';
import { createAckTimeout } from './ack-timeout.ts';
import type { OutgoingAudio } from './outgoing-audio.ts';

/** One line about the audio a second, as on the server's side. */
const TICK_MS = 1_000;

/** Watches the audio of a session that listens, once a second: how much left and arrived, and whether anything does. */
export interface AudioReport {
  /** The session has a connection, the first one or another. */
  start(session: string): void;
  /** It has lost its connection. */
  pause(): void;
  /** The session is over. */
  stop(): void;
  /** Says what was lost since the last time, if anything. */
  tellLoss(): void;
  /** So many ms of what will be lost were told already. */
  alreadyTold(ms: number): void;
  /** A new press: losses are counted anew. */
  resetLoss(): void;
}

export function createAudioReport(
  audio: Pick<OutgoingAudio, 'through' | 'acknowledged' | 'lostMs'>,
  log: Log,
  events: { onLoss(): void; onFrozen(): void },
): AudioReport {
  const watch = createAckTimeout();
  let session = '';
  let toldThrough = -1;
  let toldLoss = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  let connected = false;

  function summarise(): void {
    const frames = audio.through - toldThrough;
    toldThrough = audio.through;
    if (frames > 0) log('AUDIO', { session, frames, through: audio.through, acknowledged: audio.acknowledged });
  }

  function tellLoss(): void {
    const ms = audio.lostMs - toldLoss;
    if (ms <= 0) return;
    toldLoss = audio.lostMs;
    log('AUDIO_LOST', { session, seconds: Math.round(ms) / 1000 });
    events.onLoss();
  }

  function tick(): void {
    summarise();
    tellLoss();
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
      toldThrough = -1;
    },
    tellLoss,
    alreadyTold(ms) {
      toldLoss += ms;
    },
    resetLoss() {
      toldLoss = 0;
    },
  };
}
