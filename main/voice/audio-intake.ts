import { FRAME_SAMPLES, SAMPLE_RATE } from '../../shared/audio-format.ts';
import { decodeAudioFrame } from '../../shared/audio-frame.ts';
import { EarshotError } from '../../shared/errors.ts';
import { addLevel, emptyLevel, peakDbfs } from '../../shared/level.ts';
import type { Log } from '../../shared/log-event.ts';
import { isSameMicrophoneState, type MicrophoneState } from '../../shared/microphone-state.ts';
import { createTokenBucket } from '../guard/token-bucket.ts';
import type { VoiceMetrics } from '../health/metrics.ts';
import { placeFrame } from './frame-sequence.ts';
import type { Limits } from './limits.ts';
import type { TurnRecorder } from './turn-sink.ts';

/** Received audio is logged as one summary per second; a line per frame would be 50. */
const SUMMARY_MS = 1_000;
/** Rate limit of log lines about the microphone and about pauses. Lines beyond it have level `debug`. */
const NOTE_LOG_LIMIT = { burst: 20, perSecond: 0.2 };

export interface AudioIntake {
  /** Last received seq, -1 if none. Everything up to it is in the recording, as audio or as a gap. */
  readonly receivedThrough: number;
  beginTurn(recorder: TurnRecorder): void;
  /**
   * Adds one binary frame to the turn.
   * @returns false if the recorder accepts no more audio; the frame is dropped and never acknowledged
   * @throws {EarshotError} `bad_audio` if the frame is invalid or the gap before it is too long; the frame is dropped
   */
  take(bytes: Uint8Array): boolean;
  /**
   * Handles a frame that arrives between turns. Only a resent frame is valid: the client missed its acknowledgement.
   * @returns false if the frame was not received before
   * @throws {EarshotError} `bad_audio` if the frame is invalid
   */
  takeResent(bytes: Uint8Array): boolean;
  /**
   * Records which microphone is in use, and its status, from frame `seq` on. Ignored for frames already received (a
   * repetition after a resume) and if nothing has changed.
   * @throws {EarshotError} `bad_message` if `seq` is further ahead than the longest permitted gap
   */
  microphone(seq: number, state: MicrophoneState): void;
  /**
   * Records a pause by the user before frame `seq`. Ignored for frames already received.
   * @param seconds null: the turn is paused now
   * @throws {EarshotError} `bad_message` if `seq` is further ahead than the longest permitted gap
   */
  pause(seq: number, seconds: number | null): void;
  /**
   * Called when another connection becomes active: its welcome has acknowledged audio up to `through`. Acknowledges
   * what the previous connection has delivered since, to spare the client resending it.
   */
  markAcknowledged(through: number): void;
  /** Acknowledges all received audio immediately, before the connection is closed. */
  acknowledge(): void;
  /** Acknowledges and logs what is outstanding, and releases the recorder. */
  endTurn(): void;
}

/** Receives a session's audio: sequence, gaps, duplicates, acknowledgements, level. Seqs continue across turns. */
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
  // A gap costs the sender nothing: by sending only every 3,000th frame it could make a recording grow 3,000 times
  // faster than real time. So gaps have their own rate limit, equal to that of received frames. A new session can't
  // have missed much, so it starts with a small allowance; otherwise opening many sessions would bypass the limit.
  const gapLimit = createTokenBucket({
    perSecond: limits.inboundPerSecond,
    burst: limits.gapFrames,
    first: Math.min(limits.gapFirst, limits.gapFrames),
    now: monotonicNow,
  });
  const noteLogLimit = createTokenBucket({ ...NOTE_LOG_LIMIT, now: monotonicNow });
  /** The last recorded state of the microphone in this turn. */
  let lastMicrophone: { seq: number; state: MicrophoneState } | null = null;
  let receivedThrough = -1;
  let acknowledged = -1;
  let recorder: TurnRecorder | null = null;
  let timer: NodeJS.Timeout | undefined;
  let pendingAck: NodeJS.Immediate | undefined;
  let summary = emptySummary();

  function emptySummary() {
    return { frames: 0, missing: 0, duplicates: 0, level: emptyLevel() };
  }

  function acknowledge(): void {
    clearImmediate(pendingAck);
    pendingAck = undefined;
    if (receivedThrough === acknowledged) return;
    acknowledged = receivedThrough;
    options.acknowledge(receivedThrough);
  }

  /** The first duplicate in a second is logged immediately; the summary counts the rest. */
  function countDuplicate(seq: number): void {
    metrics.duplicates(1);
    if (summary.duplicates++ === 0) log('AUDIO_DUPLICATE', { session, seq, held: receivedThrough });
  }

  function summarise(): void {
    const { frames, missing, duplicates, level } = summary;
    if (frames + missing + duplicates === 0) return;
    summary = emptySummary();
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
    get receivedThrough() {
      return receivedThrough;
    },

    beginTurn(newRecorder) {
      // Duplicates received since the last turn do not belong to this one.
      summarise();
      recorder = newRecorder;
      lastMicrophone = null;
      timer = setInterval(summarise, SUMMARY_MS);
    },

    take(bytes) {
      const frame = decodeAudioFrame(bytes);
      const place = placeFrame(receivedThrough, frame.seq, limits.gapFrames);
      if (place.kind === 'impossible') {
        throw new EarshotError(
          'bad_audio',
          `frame ${frame.seq} skips ${place.missing} frames after ${receivedThrough}`,
        );
      }
      if (place.kind === 'duplicate') {
        countDuplicate(frame.seq);
        return true;
      }
      if (place.kind === 'gap') {
        if (!gapLimit.take(place.missing)) {
          throw new EarshotError(
            'bad_audio',
            `frame ${frame.seq} skips ${place.missing} frames, after too many earlier gaps`,
          );
        }
        const seconds = (place.missing * FRAME_SAMPLES) / SAMPLE_RATE;
        if (summary.missing === 0)
          log('AUDIO_GAP', { session, after: receivedThrough, frames: place.missing, seconds });
        summary.missing += place.missing;
        metrics.missing(place.missing);
        if (recorder?.gap(place.missing * FRAME_SAMPLES) === false) return false;
      }
      // Acknowledge only what the recorder has accepted.
      if (recorder?.write(frame.pcm) === false) return false;
      receivedThrough = frame.seq;
      summary.frames += 1;
      metrics.frames(1);
      addLevel(summary.level, samplesOf(frame.pcm));
      // Send one acknowledgement for all frames of one socket read, because each costs a system call.
      if (receivedThrough - acknowledged >= limits.ackFrames) pendingAck ??= setImmediate(acknowledge);
      return true;
    },

    takeResent(bytes) {
      const { seq } = decodeAudioFrame(bytes);
      if (seq > receivedThrough) return false;
      countDuplicate(seq);
      return true;
    },

    microphone(seq, state) {
      const place = placeFrame(receivedThrough, seq, limits.gapFrames);
      if (place.kind === 'impossible') {
        throw new EarshotError('bad_message', `microphone names frame ${seq}, far from ${receivedThrough}`);
      }
      if (place.kind === 'duplicate') return;
      if (lastMicrophone && seq >= lastMicrophone.seq && isSameMicrophoneState(state, lastMicrophone.state)) return;
      lastMicrophone = { seq, state };
      recorder?.microphone((seq - receivedThrough - 1) * FRAME_SAMPLES, state);
      const { label, status, instead_of } = state;
      const chosen = instead_of === null ? {} : { instead_of };
      const level = noteLogLimit.take(1) ? (status === 'ok' || status === 'muted_in_app' ? 'info' : 'warn') : 'debug';
      log('MIC_STATE', { session, seq, status, label, ...chosen }, level);
    },

    pause(seq, seconds) {
      const place = placeFrame(receivedThrough, seq, limits.gapFrames);
      if (place.kind === 'impossible') {
        throw new EarshotError('bad_message', `pause names frame ${seq}, far from ${receivedThrough}`);
      }
      if (place.kind === 'duplicate') return;
      recorder?.pause((seq - receivedThrough - 1) * FRAME_SAMPLES, seconds);
      const level = noteLogLimit.take(1) ? 'info' : 'debug';
      if (seconds === null) log('TURN_PAUSED', { session, seq }, level);
      else log('TURN_CONTINUED', { session, seq, seconds: Math.round(seconds * 1000) / 1000 }, level);
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

/** The bytes as samples. Copied only if they start at an odd offset, which an Int16Array can't view. */
function samplesOf(pcm: Uint8Array): Int16Array {
  // `Buffer.slice` would return a view, not a copy.
  const aligned = pcm.byteOffset % 2 === 0 ? pcm : new Uint8Array(pcm);
  return new Int16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2);
}
