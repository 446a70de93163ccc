import {
  CAPTURE_PROCESSOR,
  type CaptureOptions,
  CaptureProcessor,
  type CaptureReport,
  type CaptureRequest,
} from './capture-processor.ts';

// Globals of the audio thread (Web Audio API, section 1.32), which TypeScript's DOM library lacks.
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: { processorOptions: CaptureOptions }) => AudioWorkletProcessor,
): void;

/** Runs the capture logic on the audio thread: takes quanta and posts frames until the page flushes it. */
class CaptureWorklet extends AudioWorkletProcessor {
  readonly #capture: CaptureProcessor;
  #started = false;
  #done = false;
  #time = 0;

  constructor({ processorOptions }: { processorOptions: CaptureOptions }) {
    super();
    this.#capture = new CaptureProcessor(
      sampleRate,
      (pcm, isLast) => this.#report({ type: 'frame', pcm, isLast }, [pcm.buffer]),
      (ms) => this.#report({ type: 'gap', ms }),
      processorOptions.channel,
    );
    this.port.onmessage = ({ data }: MessageEvent<CaptureRequest>) => {
      if (data.type === 'flush') this.#finish();
      else if (data.type === 'pad' && !this.#done) this.#capture.pad();
    };
  }

  /** @returns false once flushed, so that the node can be garbage-collected */
  process(inputs: Float32Array[][]): boolean {
    const channels = inputs[0] ?? [];
    if (!this.#started && channels.length > 0) {
      this.#started = true;
      this.#report({ type: 'started', sampleRate });
    }
    if (!this.#done && !this.#capture.process(channels, this.#now())) this.#report({ type: 'dropped' });
    return !this.#done;
  }

  #finish(): void {
    this.#capture.flush(this.#now());
    this.#done = true;
    this.#report({ type: 'flushed' });
  }

  /**
   * Wall clock in ms. `performance` is not available here, and `currentTime` counts the audio that is to be checked.
   */
  #now(): number {
    const now = Date.now();
    if (now < this.#time) this.#report({ type: 'set-back' });
    this.#time = now;
    return now;
  }

  #report(report: CaptureReport, transfer: Transferable[] = []): void {
    this.port.postMessage(report, transfer);
  }
}

registerProcessor(CAPTURE_PROCESSOR, CaptureWorklet);
