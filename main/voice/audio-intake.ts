import { FRAME_SAMPLES, SAMPLE_RATE } from '../../shared/audio-format.ts';
import { decodeAudioFrame } from '../../shared/audio-frame.ts';
import { EarshotError } from '../../shared/errors.ts';
import { addLevel, emptyLevel, peakDbfs } from '../../shared/level.ts';
import type { Log } from '../../shared/log-event.ts';
import { isSameMicrophoneState, type MicrophoneState } from '../../shared/microphone-state.ts';
import type { VoiceMetrics } from '../health/metrics.ts';
import { placeFrame } from './frame-sequence.ts';
import type { Limits } from './limits.ts';
import { createTokenBucket } from './token-bucket.ts';
import type { TurnRecorder } from './turn-sink.ts';

/** One summary line of audio a second: a line a frame would be fifty. */
const SUMMARY_MS = 1_000;
/** What a microphone does changes this often at once and, in the long run, a second; more of it is for whoever debugs. */
const MICROPHONE_LINES = { burst: 20, perSecond: 0.2 };

export interface AudioIntake {
  /** Last seq held, -1 if none: everything up to it is in the recording, as sound or as a gap. */
  readonly heldThrough: number;
  beginTurn(recorder: TurnRecorder): void;
  /**
   * Takes one binary frame into the turn.
   * @returns false when the recorder keeps no more: the frame is not held, and never acknowledged
   * @throws {EarshotError} `bad_audio` for a frame that no honest client sends; nothing of it is kept
   */
  take(bytes: Uint8Array): boolean;
  /**
   * Takes one that came while no turn listens, and may only be sent again: its client had not heard that it was held.
   * @returns false when it is not held
   * @throws {EarshotError} `bad_audio` for a frame that no honest client sends
   */
  takeRepeated(bytes: Uint8Array): boolean;
  /**
   * Notes which microphone is heard, and how, from the frame `seq` on. Of frames that are held it was told already: that is a
   * repetition after a resume, and nothing of it is noted; nor is what was noted last.
   * @throws {EarshotError} `bad_message` when the frame is further away than a gap may be
   */
  microphone(seq: number, state: MicrophoneState): void;
  /**
   * Another connection has answered its welcome, which told what was held then: that much is acknowledged. What came by the
   * former connection since is acknowledged now, so that the client need not send it again.
   */
  markAcknowledged(through: number): void;
  /** Says at once what is held: the connection is about to be closed. */
  acknowledge(): void;
  /** Acknowledges and reports what is left, and lets go of the recorder. */
  endTurn(): void;
}

/** A session's audio: order, gaps, duplicates, acknowledgement, meter. Seqs run on through all turns. */
export function createAudioIntake(options: {
  sessionId: string;
  limits: Limits;
  log: Log;
  metrics: Pick<VoiceMetrics, 'frames' | 'missing' | 'duplicates'>;
  acknowledge(through: number): void;
  /** ms of any origin. */
  monotonicNow(): number;
}): AudioIntake {
  const { sessionId: session, limits, log, metrics, monotonicNow } = options;
  // What is missing cost its sender nothing: frames a minute apart would make a recording grow three thousand times as fast
  // as real time. So gaps have a measure of their own, of the pace of what is sent. A session that has just begun can't have
  // missed much, so whoever begins one after the other gains nothing either.
  const silence = createTokenBucket({
    perSecond: limits.inboundPerSecond,
    burst: limits.gapFrames,
    first: Math.min(limits.gapFirst, limits.gapFrames),
    now: monotonicNow,
  });
  const microphoneLines = createTokenBucket({ ...MICROPHONE_LINES, now: monotonicNow });
  /** What was noted last in this turn. */
  let noted: { seq: number; state: MicrophoneState } | null = null;
  let heldThrough = -1;
  let acknowledged = -1;
  let recorder: TurnRecorder | null = null;
  let timer: NodeJS.Timeout | undefined;
  let due: NodeJS.Immediate | undefined;
  let second = emptySecond();

  function emptySecond() {
    return { frames: 0, missing: 0, duplicates: 0, level: emptyLevel() };
  }

  function acknowledge(): void {
    clearImmediate(due);
    due = undefined;
    if (heldThrough === acknowledged) return;
    acknowledged = heldThrough;
    options.acknowledge(heldThrough);
  }

  /** The first of a second is told at once; the summary counts the rest. */
  function countDuplicate(seq: number): void {
    metrics.duplicates(1);
    if (second.duplicates++ === 0) log('AUDIO_DUPLICATE', { session, seq, held: heldThrough });
  }

  function summarise(): void {
    const { frames, missing, duplicates, level } = second;
    if (frames + missing + duplicates === 0) return;
    second = emptySecond();
    log('AUDIO', {
      session,
      frames,
      seconds: Math.round((level.samples / SAMPLE_RATE) * 1000) / 1000,
      peak_dbfs: peakDbfs(level) ?? 'silence',
      ...(missing ? { missing } : {}),
      ...(duplicates ? { duplicates } : {}),
    });
  }

  return {
    get heldThrough() {
      return heldThrough;
    },

    beginTurn(newRecorder) {
      // What came again since the last turn is no part of this one.
      summarise();
      recorder = newRecorder;
      noted = null;
      timer = setInterval(summarise, SUMMARY_MS);
    },

    take(bytes) {
      const frame = decodeAudioFrame(bytes);
      const place = placeFrame(heldThrough, frame.seq, limits.gapFrames);
      if (place.kind === 'impossible') {
        throw new EarshotError('bad_audio', `frame ${frame.seq} skips ${place.missing} frames after ${heldThrough}`);
      }
      if (place.kind === 'duplicate') {
        countDuplicate(frame.seq);
        return true;
      }
      if (place.kind === 'gap') {
        if (!silence.take(place.missing)) {
          throw new EarshotError(
            'bad_audio',
            `frame ${frame.seq} skips ${place.missing} frames, and gaps were many before`,
          );
        }
        const seconds = (place.missing * FRAME_SAMPLES) / SAMPLE_RATE;
        if (second.missing === 0) log('AUDIO_GAP', { session, after: heldThrough, frames: place.missing, seconds });
        second.missing += place.missing;
        metrics.missing(place.missing);
        if (recorder?.gap(place.missing * FRAME_SAMPLES) === false) return false;
      }
      // Acknowledged is only what the recorder has taken.
      if (recorder?.write(frame.pcm) === false) return false;
      heldThrough = frame.seq;
      second.frames += 1;
      metrics.frames(1);
      addLevel(second.level, samplesOf(frame.pcm));
      // Once for all frames that came in one read of the socket: an answer is a system call.
      if (heldThrough - acknowledged >= limits.ackFrames) due ??= setImmediate(acknowledge);
      return true;
    },

    takeRepeated(bytes) {
      const { seq } = decodeAudioFrame(bytes);
      if (seq > heldThrough) return false;
      countDuplicate(seq);
      return true;
    },

    microphone(seq, state) {
      const place = placeFrame(heldThrough, seq, limits.gapFrames);
      if (place.kind === 'impossible') {
        throw new EarshotError('bad_message', `microphone names frame ${seq}, far from ${heldThrough}`);
      }
      if (place.kind === 'duplicate') return;
      if (noted && seq >= noted.seq && isSameMicrophoneState(state, noted.state)) return;
      noted = { seq, state };
      recorder?.microphone((seq - heldThrough - 1) * FRAME_SAMPLES, state);
      const { label, status, instead_of } = state;
      const chosen = instead_of === null ? {} : { instead_of };
      const level = microphoneLines.take(1) ? (status === 'ok' ? 'info' : 'warn') : 'debug';
      log('MIC_STATE', { session, seq, status, label, ...chosen }, level);
    },

    acknowledge,

    markAcknowledged(through) {
      acknowledged = through;
      acknowledge();
    },

    endTurn() {
      clearInterval(timer);
      acknowledge();
      summarise();
      recorder = null;
    },
  };
}

/** The bytes as samples; a copy only where they start at an odd address, which a typed array can't view. */
function samplesOf(pcm: Uint8Array): Int16Array {
  // Not `slice`: of a Buffer it is a view.
  const aligned = pcm.byteOffset % 2 === 0 ? pcm : new Uint8Array(pcm);
  return new Int16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2);
}
