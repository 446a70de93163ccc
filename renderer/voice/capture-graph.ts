import type { Capture, CaptureEvents } from './capture.ts';
import { CAPTURE_PROCESSOR, type CaptureReport, type CaptureRequest } from './capture-processor.ts';
import { FIRST_SOUND_TIMEOUT_MS, FLUSH_TIMEOUT_MS, noSound } from './capture-timeouts.ts';
import workletUrl from './capture-worklet.ts?worker&url';
import { createStepMeter } from './step-meter.ts';
import { within } from './within.ts';

/** Closing a context takes some milliseconds; its release is not worth a longer wait. */
const CLOSE_TIMEOUT_MS = 200;
/** A context may stay suspended for ever where audio is not allowed to run. */
const RESUME_TIMEOUT_MS = 5_000;
/**
 * Frames come 50 times a second while sound flows, silence included. Ticks are counted, not time: a machine that slept
 * for an hour wakes to one. At the third without a frame (2 to 3 s) the context is resumed, at the fourth it is lost.
 */
const TICK_MS = 1_000;
const RESUME_AT_TICK = 3;
const CRASH_AT_TICK = 4;

/** The way of the sound: stream -> source -> worklet -> frames. One graph serves one stream. */
export class CaptureGraph implements Capture {
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
  #ticksWithoutFrame = 0;
  readonly #steps = createStepMeter();

  /** Begins to load the worklet. */
  constructor(context: AudioContext, events: CaptureEvents) {
    this.#context = context;
    this.#events = events;
    this.#loaded = load(context);
    this.#loaded.catch(() => {}); // told by `connect`
  }

  /** The rate at which the device is read, in Hz. */
  get sampleRate(): number {
    return this.#context.sampleRate;
  }

  /**
   * Lets the stream's sound flow; does nothing when the graph was closed meanwhile.
   * @throws when the worklet can't be loaded, the context does not start within 5 s, or no sound comes within 10 s
   */
  async connect(stream: MediaStream): Promise<void> {
    await this.#loaded;
    if (this.#closed) return;
    const node = new AudioWorkletNode(this.#context, CAPTURE_PROCESSOR, { numberOfInputs: 1, numberOfOutputs: 0 });
    node.port.onmessage = ({ data }: MessageEvent<CaptureReport>) => this.#receive(data);
    node.onprocessorerror = () => this.#crash();
    this.#node = node;
    const heard = new Promise<void>((resolve) => {
      this.#onFirstSound = resolve;
    });
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(node);
    // A context made without a gesture may run once the page is allowed to record.
    if (this.#context.state !== 'running') await within(this.#context.resume(), RESUME_TIMEOUT_MS);
    if (this.#context.state !== 'running') throw new Error(`audio context is ${this.#context.state}`);
    await within(heard, FIRST_SOUND_TIMEOUT_MS, noSound);
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
    await within(flushed, FLUSH_TIMEOUT_MS);
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
    if (this.#context.state !== 'closed') await within(this.#context.close(), CLOSE_TIMEOUT_MS);
  }

  #receive(report: CaptureReport): void {
    if (this.#closed) return;
    this.#ticksWithoutFrame = 0;
    if (report.type === 'started') this.#onFirstSound?.();
    else if (report.type === 'frame') this.#events.onFrame(report.pcm);
    else if (report.type === 'gap') this.#onGap(report.ms);
    else if (report.type === 'set-back') this.#steps.take();
    else if (report.type === 'flushed') this.#flushed?.();
  }

  /**
   * The audio thread has the wall clock alone: what that was set forward by, or slept through, is not missing. A step back that
   * the audio thread noticed it has left out itself; one that it did not notice came while it stood still for longer.
   */
  #onGap(ms: number): void {
    const missing = ms - this.#steps.take();
    if (missing > 0) this.#events.onGap(missing);
  }

  /** Systems stop a context unasked: a call comes in, the output device leaves, the machine sleeps. Not all say so. */
  #watch(): void {
    this.#context.onstatechange = () => {
      if (this.#context.state !== 'running') this.#resume();
    };
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  #unwatch(): void {
    this.#context.onstatechange = null;
    clearInterval(this.#ticker);
  }

  #tick(): void {
    this.#ticksWithoutFrame++;
    this.#steps.tick();
    if (this.#ticksWithoutFrame === RESUME_AT_TICK) this.#resume();
    if (this.#ticksWithoutFrame === CRASH_AT_TICK) this.#crash();
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

/** Asynchronous from its first line: outside a secure context there is no `audioWorklet`, and that is a failure like others. */
async function load(context: AudioContext): Promise<void> {
  await context.audioWorklet.addModule(workletUrl);
}
