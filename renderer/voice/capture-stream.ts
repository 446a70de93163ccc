import { EarshotError } from '../../shared/errors.ts';
import type { Capture, CaptureEvents } from './capture.ts';
import type { CaptureReport, CaptureRequest } from './capture-processor.ts';
import { FIRST_SOUND_TIMEOUT_MS, FLUSH_TIMEOUT_MS, noSound } from './capture-timeouts.ts';
import { within } from './within.ts';

/**
 * Sound that the worker has not read yet waits in the browser, so many pieces of 10 ms at most: 5 s. A worker that is held
 * up for longer loses the oldest of it, which shows as a gap.
 */
const WAITING_PIECES = 500;
/**
 * Pieces come 100 times a second, silence included. Ticks are counted, not time: a process that stood still for an hour goes
 * on with one. At the fourth without a piece (3 to 4 s) the sound is lost.
 */
const TICK_MS = 1_000;
const CRASH_AT_TICK = 4;

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
  readonly #worker: Worker;
  #sampleRate = 0;
  #onFirstSound: (() => void) | null = null;
  #onFlushed: (() => void) | null = null;
  #onWorkerFailed: ((error: Error) => void) | null = null;
  #closed = false;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #ticksWithoutSound = 0;

  /** Begins to load the worker. */
  constructor(events: CaptureEvents) {
    this.#events = events;
    this.#worker = new Worker(new URL('./capture-worker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = ({ data }: MessageEvent<CaptureReport>) => this.#receive(data);
    this.#worker.onerror = (event) => this.#fail(new Error(event.message || 'the worker could not be loaded'));
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
    this.#worker.postMessage({ type: 'read', readable } satisfies CaptureRequest, [readable]);
    await within(heard, FIRST_SOUND_TIMEOUT_MS, noSound);
    this.#onWorkerFailed = null;
    if (this.#closed) return;
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  async flush(): Promise<void> {
    const flushed = new Promise<void>((resolve) => {
      this.#onFlushed = resolve;
    });
    this.#worker.postMessage({ type: 'flush' } satisfies CaptureRequest);
    await within(flushed, FLUSH_TIMEOUT_MS);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#ticker);
    this.#onFirstSound?.();
    this.#worker.onmessage = null;
    this.#worker.terminate();
  }

  #receive(report: CaptureReport): void {
    if (this.#closed) return;
    this.#ticksWithoutSound = 0;
    if (report.type === 'started') {
      this.#sampleRate = report.sampleRate;
      this.#onFirstSound?.();
    } else if (report.type === 'frame') this.#events.onFrame(report.pcm);
    else if (report.type === 'gap') this.#events.onGap(report.ms);
    else if (report.type === 'failed') this.#fail(new EarshotError('mic_failed', report.reason));
    else this.#onFlushed?.();
  }

  #tick(): void {
    this.#ticksWithoutSound++;
    if (this.#ticksWithoutSound === CRASH_AT_TICK) this.#crash();
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
