import { endsWithin, settlesWithin } from '../../shared/time-limit.ts';
import type { Capture, CaptureEvents } from './capture.ts';
import {
  CAPTURE_PROCESSOR,
  type CaptureOptions,
  type CaptureReport,
  type CaptureRequest,
} from './capture-processor.ts';
import { FIRST_SOUND_TIMEOUT_MS, FLUSH_TIMEOUT_MS, LOAD_TIMEOUT_MS, noSound } from './capture-timeouts.ts';
import workletUrl from './capture-worklet.ts?worker&url';
import { createClockStepMeter } from './clock-step-meter.ts';
import { partNotLoaded } from './mic-problem.ts';
import { STALL_TICK_MS, StallWatch } from './stall-watch.ts';

/** Timeout for closing the context, in ms. It normally takes a few milliseconds. */
const CLOSE_TIMEOUT_MS = 200;
/** Timeout for resuming the context, in ms. Where audio is not allowed, it stays suspended forever. */
const RESUME_TIMEOUT_MS = 5_000;
/** Ticks (1 s) without a frame after which the context is resumed, repeatedly. */
const TICKS_TO_RESUME = 4;
/** Ticks (1 s) between comparisons of the clocks. */
const TICKS_TO_COMPARE = 4;

/** Captures through a Web Audio graph: stream -> source -> worklet -> frames. One graph serves one stream. */
export class AudioGraph implements Capture {
  readonly #context: AudioContext;
  readonly #events: CaptureEvents;
  readonly #loaded: Promise<void>;
  /** Keeps a reference, because an unreferenced source may be garbage-collected and then goes silent. */
  #source: MediaStreamAudioSourceNode | null = null;
  #node: AudioWorkletNode | null = null;
  #flushed: (() => void) | null = null;
  #onFirstSound: (() => void) | null = null;
  #closed = false;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #ticks = 0;
  readonly #channel: number;
  readonly #stalls: StallWatch;
  readonly #steps = createClockStepMeter();

  /**
   * Starts loading the worklet.
   * @param channel the channel to record, from 1; 0: selected automatically
   */
  constructor(context: AudioContext, events: CaptureEvents, channel = 0) {
    this.#context = context;
    this.#events = events;
    this.#channel = channel;
    this.#stalls = new StallWatch({
      onStall: (stalled) => {
        if (stalled) this.#node?.port.postMessage({ type: 'pad' } satisfies CaptureRequest);
        events.onStall(stalled);
      },
      onGap: (ms) => events.onGap(ms),
      onGivenUp: () => this.#fail(),
    });
    this.#loaded = load(context);
    this.#loaded.catch(() => {}); // `connect` reports the error
  }

  /** Sample rate of the device, in Hz. */
  get sampleRate(): number {
    return this.#context.sampleRate;
  }

  /**
   * Starts capturing; does nothing if the graph was closed meanwhile.
   * @throws {EarshotError} `part_not_loaded` if the worklet can't be loaded, `mic_no_sound` if no sound arrives within
   *   10 s
   * @throws {Error} if the context does not start within 5 s
   */
  async connect(stream: MediaStream): Promise<void> {
    await this.#loaded;
    if (this.#closed) return;
    const node = new AudioWorkletNode(this.#context, CAPTURE_PROCESSOR, {
      numberOfInputs: 1,
      numberOfOutputs: 0,
      processorOptions: { channel: this.#channel } satisfies CaptureOptions,
    });
    node.port.onmessage = ({ data }: MessageEvent<CaptureReport>) => this.#receive(data);
    node.onprocessorerror = () => this.#fail();
    this.#node = node;
    const firstSound = new Promise<void>((resolve) => {
      this.#onFirstSound = resolve;
    });
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(node);
    // A context created without a user gesture may start once the page has permission to record.
    if (this.#context.state !== 'running') await settlesWithin(RESUME_TIMEOUT_MS, this.#context.resume());
    if (this.#context.state !== 'running') throw new Error(`audio context is ${this.#context.state}`);
    if (!(await endsWithin(FIRST_SOUND_TIMEOUT_MS, firstSound))) throw noSound();
    if (!this.#closed) this.#watch();
  }

  /** Delivers all captured audio to `onFrame`; resolves then, or after 250 ms. */
  async flush(): Promise<void> {
    const node = this.#node;
    if (node === null) return;
    const flushed = new Promise<void>((resolve) => {
      this.#flushed = resolve;
    });
    node.port.postMessage({ type: 'flush' } satisfies CaptureRequest);
    await settlesWithin(FLUSH_TIMEOUT_MS, flushed);
  }

  /** Disconnects the graph and closes the context. Resolves within 200 ms. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#onFirstSound?.();
    this.#unwatch();
    this.#source?.disconnect();
    if (this.#node) {
      this.#node.port.onmessage = null;
      this.#node.port.close();
    }
    if (this.#context.state !== 'closed') await settlesWithin(CLOSE_TIMEOUT_MS, this.#context.close());
  }

  #receive(report: CaptureReport): void {
    if (this.#closed) return;
    if (report.type === 'started') this.#onFirstSound?.();
    else if (report.type === 'frame') {
      if (!report.isLast) this.#stalls.onFrame();
      this.#events.onFrame(report.pcm);
    } else if (report.type === 'gap') this.#onGap(report.ms);
    else if (report.type === 'dropped') this.#stalls.onDropped();
    else if (report.type === 'set-back') this.#steps.take();
    else if (report.type === 'flushed') this.#flushed?.();
  }

  /**
   * Corrects a gap for steps of the wall clock, the only clock of the audio thread: time that the clock was set forward
   * by or slept through is not missing. The audio thread corrects backward steps itself, except during a longer stall.
   */
  #onGap(ms: number): void {
    const missing = ms - this.#steps.take();
    if (missing > 0) this.#stalls.onGap(missing);
  }

  /** Systems suspend a context on a call, a lost output device or sleep, and don't always report it. */
  #watch(): void {
    this.#context.onstatechange = () => {
      if (this.#context.state !== 'running') this.#resume();
    };
    this.#ticker = setInterval(() => this.#tick(), STALL_TICK_MS);
  }

  #unwatch(): void {
    this.#context.onstatechange = null;
    clearInterval(this.#ticker);
  }

  #tick(): void {
    this.#ticks++;
    if (this.#ticks % TICKS_TO_COMPARE === 0) this.#steps.tick();
    const ticksWithoutFrame = this.#stalls.tick();
    if (ticksWithoutFrame % TICKS_TO_RESUME === 0 && !this.#closed) this.#resume();
  }

  /** Failures are ignored: the next tick without a frame resumes again. */
  #resume(): void {
    this.#context.resume().catch(() => {});
  }

  #fail(): void {
    if (this.#closed) return;
    this.#unwatch();
    this.#events.onFailed();
  }
}

/**
 * Loads the worklet. Async, so that a missing `audioWorklet` (outside a secure context) rejects like other failures.
 * @throws {EarshotError} `part_not_loaded`
 */
async function load(context: AudioContext): Promise<void> {
  const { audioWorklet } = context;
  if (!audioWorklet) throw new TypeError('no audioWorklet: the page is not in a secure context');
  const loading = audioWorklet.addModule(workletUrl).catch((error: unknown) => {
    throw partNotLoaded(error);
  });
  if (!(await endsWithin(LOAD_TIMEOUT_MS, loading))) throw partNotLoaded();
}
