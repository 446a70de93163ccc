import { EarshotError } from '../../shared/errors.ts';
import { endsWithin, settlesWithin } from '../../shared/time-limit.ts';
import type { Capture, CaptureEvents } from './capture.ts';
import type { CaptureReport } from './capture-processor.ts';
import type { CapturePort, CaptureThread } from './capture-thread.ts';
import { FIRST_SOUND_TIMEOUT_MS, FLUSH_TIMEOUT_MS, noSound } from './capture-timeouts.ts';
import { STALL_TICK_MS, StallWatch } from './stall-watch.ts';

/**
 * Limit of 10 ms chunks that the browser buffers for the worker (5 s). If the worker is blocked for longer, the oldest
 * chunks are dropped, which is reported as a gap.
 */
const MAX_BUFFERED_CHUNKS = 500;

/** The audio variant, as in Chromium; TypeScript's DOM library has only video (W3C mediacapture-transform). */
declare class MediaStreamTrackProcessor {
  constructor(init: { track: MediaStreamTrack; maxBufferSize: number });
  readonly readable: ReadableStream<AudioData>;
}

/** Whether this browser supports `MediaStreamTrackProcessor`. */
export function hasTrackProcessor(): boolean {
  return 'MediaStreamTrackProcessor' in globalThis;
}

/**
 * Captures without an audio graph: track -> processor -> worker -> frames. The browser buffers each chunk until the
 * worker has read it, so a busy page or a late audio thread loses no samples. Measured with 15 s of a tone while three
 * programs kept two cores busy: no interruption here, 14 with an audio graph.
 */
export class CaptureStream implements Capture {
  readonly #events: CaptureEvents;
  readonly #thread: CapturePort;
  #sampleRate = 0;
  #onFirstSound: (() => void) | null = null;
  #onFlushed: (() => void) | null = null;
  #onWorkerFailed: ((error: Error) => void) | null = null;
  #closed = false;
  #ticker: ReturnType<typeof setInterval> | undefined;
  readonly #channel: number;
  readonly #stalls: StallWatch;

  /**
   * @param thread the worker that reads the audio
   * @param channel the channel to record, from 1; 0: selected automatically
   */
  constructor(events: CaptureEvents, thread: CaptureThread, channel = 0) {
    this.#events = events;
    this.#channel = channel;
    this.#stalls = new StallWatch({
      onStall: (stalled) => {
        if (stalled) this.#thread.send({ type: 'pad' });
        events.onStall(stalled);
      },
      onGap: (ms) => events.onGap(ms),
      onGivenUp: () => this.#reportFailure(),
    });
    this.#thread = thread.open({
      onReport: (report) => this.#receive(report),
      onError: (error) => this.#fail(error),
    });
  }

  get sampleRate(): number {
    return this.#sampleRate;
  }

  async connect(stream: MediaStream): Promise<void> {
    const [track] = stream.getAudioTracks();
    if (track === undefined || this.#closed) return;
    const { readable } = new MediaStreamTrackProcessor({ track, maxBufferSize: MAX_BUFFERED_CHUNKS });
    const firstSound = new Promise<void>((resolve, reject) => {
      this.#onFirstSound = resolve;
      this.#onWorkerFailed = reject;
    });
    this.#thread.send({ type: 'read', readable, channel: this.#channel }, [readable]);
    if (!(await endsWithin(FIRST_SOUND_TIMEOUT_MS, firstSound))) throw noSound();
    this.#onWorkerFailed = null;
    if (this.#closed) return;
    this.#ticker = setInterval(() => this.#stalls.tick(), STALL_TICK_MS);
  }

  async flush(): Promise<void> {
    const flushed = new Promise<void>((resolve) => {
      this.#onFlushed = resolve;
    });
    this.#thread.send({ type: 'flush' });
    await settlesWithin(FLUSH_TIMEOUT_MS, flushed);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#ticker);
    this.#onFirstSound?.();
    this.#thread.close();
  }

  #receive(report: CaptureReport): void {
    if (this.#closed) return;
    if (report.type === 'started') {
      this.#sampleRate = report.sampleRate;
      this.#onFirstSound?.();
    } else if (report.type === 'frame') {
      if (!report.isLast) this.#stalls.onFrame();
      this.#events.onFrame(report.pcm);
    } else if (report.type === 'gap') this.#stalls.onGap(report.ms);
    else if (report.type === 'dropped') this.#stalls.onDropped();
    else if (report.type === 'failed') this.#fail(new EarshotError('mic_failed', report.reason));
    else if (report.type === 'flushed') this.#onFlushed?.();
  }

  #fail(error: Error): void {
    if (this.#onWorkerFailed) this.#onWorkerFailed(error);
    else this.#reportFailure();
  }

  #reportFailure(): void {
    if (this.#closed) return;
    clearInterval(this.#ticker);
    this.#events.onFailed();
  }
}
