import { EarshotError } from '../../shared/errors.ts';
import type { Capture, CaptureEvents } from './capture.ts';
import type { CaptureReport } from './capture-processor.ts';
import type { CapturePort, CaptureThread } from './capture-thread.ts';
import { FIRST_SOUND_TIMEOUT_MS, FLUSH_TIMEOUT_MS, noSound } from './capture-timeouts.ts';
import { STALL_TICK_MS, StallWatch } from './stall-watch.ts';
import { withTimeout } from './with-timeout.ts';

/**
 * Sound that the worker has not read yet waits in the browser, so many pieces of 10 ms at most: 5 s. A worker that is held
 * up for longer loses the oldest of it, which shows as a gap.
 */
const WAITING_PIECES = 500;

/** As Chromium has it; TypeScript's DOM library knows only its video form (W3C mediacapture-transform). */
declare class MediaStreamTrackProcessor {
  constructor(init: { track: MediaStreamTrack; maxBufferSize: number });
  readonly readable: ReadableStream<AudioData>;
}

/** Whether this browser hands out the sound of a track piece by piece. */
export function hasTrackProcessor(): boolean {
  return 'MediaStreamTrackProcessor' in globalThis;
}

/**
 * The way of the sound without an audio graph: track -> processor -> worker -> frames. The browser keeps each piece until the
 * worker has read it, so neither a busy page nor a late audio thread costs a sample. Measured with three programs that keep
 * two cores busy, 15 s of a tone: no fault here, 14 breaks through an audio graph.
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
   * @param thread reads the sound
   * @param channel the one that is heard, from 1; 0: the one that carries the sound
   */
  constructor(events: CaptureEvents, thread: CaptureThread, channel = 0) {
    this.#events = events;
    this.#channel = channel;
    this.#stalls = new StallWatch({
      onStall: (stalled) => {
        if (stalled) this.#thread.ask({ type: 'pad' });
        events.onStall(stalled);
      },
      onGap: (ms) => events.onGap(ms),
      onCrash: () => this.#crash(),
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
    const { readable } = new MediaStreamTrackProcessor({ track, maxBufferSize: WAITING_PIECES });
    const heard = new Promise<void>((resolve, reject) => {
      this.#onFirstSound = resolve;
      this.#onWorkerFailed = reject;
    });
    this.#thread.ask({ type: 'read', readable, channel: this.#channel }, [readable]);
    await withTimeout(heard, FIRST_SOUND_TIMEOUT_MS, noSound);
    this.#onWorkerFailed = null;
    if (this.#closed) return;
    this.#ticker = setInterval(() => this.#stalls.tick(), STALL_TICK_MS);
  }

  async flush(): Promise<void> {
    const flushed = new Promise<void>((resolve) => {
      this.#onFlushed = resolve;
    });
    this.#thread.ask({ type: 'flush' });
    await withTimeout(flushed, FLUSH_TIMEOUT_MS);
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
      if (!report.isLast) this.#stalls.heard();
      this.#events.onFrame(report.pcm);
    } else if (report.type === 'gap') this.#stalls.gap(report.ms);
    else if (report.type === 'dropped') this.#stalls.alive();
    else if (report.type === 'failed') this.#fail(new EarshotError('mic_failed', report.reason));
    else if (report.type === 'flushed') this.#onFlushed?.();
  }

  #fail(error: Error): void {
    if (this.#onWorkerFailed) this.#onWorkerFailed(error);
    else this.#crash();
  }

  #crash(): void {
    if (this.#closed) return;
    clearInterval(this.#ticker);
    this.#events.onCrash();
  }
}
