import type { Capture, CaptureEvents } from './capture.ts';
import {
  CAPTURE_PROCESSOR,
  type CaptureOptions,
  type CaptureReport,
  type CaptureRequest,
} from './capture-processor.ts';
import { FIRST_SOUND_TIMEOUT_MS, FLUSH_TIMEOUT_MS, LOAD_TIMEOUT_MS, noSound } from './capture-timeouts.ts';
import workletUrl from './capture-worklet.ts?worker&url';
import { partNotLoaded } from './mic-problem.ts';
import { STALL_TICK_MS, StallWatch } from './stall-watch.ts';
import { createLevelSampler } from './step-meter.ts';
import { withTimeout } from './with-timeout.ts';

/** Closing a context takes some milliseconds; its release is not worth a longer wait. */
const CLOSE_TIMEOUT_MS = 200;
/** A context may stay suspended for ever where audio is not allowed to run. */
const RESUME_TIMEOUT_MS = 5_000;
/** The context is resumed when no frame came for so many ticks (1 s), and again after as many. */
const TICKS_TO_RESUME = 4;
/** So many ticks make the second by which the clocks are compared. */
const TICKS_TO_COMPARE = 4;

/** The way of the sound: stream -> source -> worklet -> frames. One graph serves one stream. */
export class AudioGraph implements Capture {
  readonly #context: AudioContext;
  readonly #events: CaptureEvents;
  readonly #loaded: Promise<void>;
  /** Held here because a source that nothing refers to may be collected, and falls silent. */
  #source: MediaStreamAudioSourceNode | null = null;
  #node: AudioWorkletNode | null = null;
  #flushed: (() => void) | null = null;
  #onFirstSound: (() => void) | null = null;
  #closed = false;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #ticks = 0;
  readonly #channel: number;
  readonly #stalls: StallWatch;
  readonly #steps = createLevelSampler();

  /**
   * Begins to load the worklet.
   * @param channel the one that is heard, from 1; 0: the one that carries the sound
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
      onCrash: () => this.#crash(),
    });
    this.#loaded = load(context);
    this.#loaded.catch(() => {}); // told by `connect`
  }

  /** The rate at which the device is read, in Hz. */
  get sampleRate(): number {
    return this.#context.sampleRate;
  }

  /**
   * Lets the stream's sound flow; does nothing when the graph was closed meanwhile.
   * @throws {EarshotError} `part_not_loaded` when the worklet can't be loaded; another error when the context does not start within 5 s, or no sound comes within 10 s
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
    node.onprocessorerror = () => this.#crash();
    this.#node = node;
    const heard = new Promise<void>((resolve) => {
      this.#onFirstSound = resolve;
    });
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(node);
    // A context made without a gesture may run once the page is allowed to record.
    if (this.#context.state !== 'running') await withTimeout(this.#context.resume(), RESUME_TIMEOUT_MS);
    if (this.#context.state !== 'running') throw new Error(`audio context is ${this.#context.state}`);
    await withTimeout(heard, FIRST_SOUND_TIMEOUT_MS, noSound);
    if (!this.#closed) this.#watch();
  }

  /** Has everything that was heard delivered to `onFrame`; resolves then, or after 250 ms. */
  async flush(): Promise<void> {
    const node = this.#node;
    if (node === null) return;
    const flushed = new Promise<void>((resolve) => {
      this.#flushed = resolve;
    });
    node.port.postMessage({ type: 'flush' } satisfies CaptureRequest);
    await withTimeout(flushed, FLUSH_TIMEOUT_MS);
  }

  /** Takes the graph apart and closes the context. Resolves within 200 ms, whatever the system does. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#onFirstSound?.();
    this.#unwatch();
    this.#source?.disconnect();
    if (this.#node) {
      this.#node.port.onmessage = null;
      this.#node.port.close();
    }
    if (this.#context.state !== 'closed') await withTimeout(this.#context.close(), CLOSE_TIMEOUT_MS);
  }

  #receive(report: CaptureReport): void {
    if (this.#closed) return;
    if (report.type === 'started') this.#onFirstSound?.();
    else if (report.type === 'frame') {
      if (!report.isLast) this.#stalls.heard();
      this.#events.onFrame(report.pcm);
    } else if (report.type === 'gap') this.#onGap(report.ms);
    else if (report.type === 'dropped') this.#stalls.alive();
    else if (report.type === 'set-back') this.#steps.take();
    else if (report.type === 'flushed') this.#flushed?.();
  }

  /**
   * The audio thread has the wall clock alone: what that was set forward by, or slept through, is not missing. A step back that
   * the audio thread noticed it has left out itself; one that it did not notice came while it stood still for longer.
   */
  #onGap(ms: number): void {
    const missing = ms - this.#steps.take();
    if (missing > 0) this.#stalls.gap(missing);
  }

  /** Systems stop a context unasked: a call comes in, the output device leaves, the machine sleeps. Not all say so. */
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
    const without = this.#stalls.tick();
    if (without % TICKS_TO_RESUME === 0 && !this.#closed) this.#resume();
  }

  /** Whether it helped, the next frame tells. */
  #resume(): void {
    this.#context.resume().catch(() => {});
  }

  #crash(): void {
    if (this.#closed) return;
    this.#unwatch();
    this.#events.onCrash();
  }
}

/**
 * Asynchronous from its first line: outside a secure context there is no `audioWorklet`, and that is a failure like others.
 * @throws {EarshotError} `part_not_loaded`
 */
async function load(context: AudioContext): Promise<void> {
  const { audioWorklet } = context;
  if (!audioWorklet) throw new TypeError('no audioWorklet: the page is not in a secure context');
  const loading = audioWorklet.addModule(workletUrl).catch((error: unknown) => {
    throw partNotLoaded(error);
  });
  await withTimeout(loading, LOAD_TIMEOUT_MS, partNotLoaded);
}
