import { CaptureProcessor, type CaptureReport, type CaptureRequest } from './capture-processor.ts';

/** Delay (ms) of a flush: audio from before the press is still in the system's buffers. */
const LAST_SOUND_MS = 60;

/** Message of the worker itself; each capture reports on its own port. */
export type WorkerReport = 'loaded';

/** The part of the worker's global scope that is used; TypeScript's DOM library has only the window's. */
interface WorkerScope {
  /** Receives the port of each new capture. */
  onmessage: ((event: MessageEvent<CapturePort>) => void) | null;
  postMessage(message: WorkerReport): void;
}
type CapturePort = Pick<MessagePort, 'close'> & {
  onmessage: ((event: MessageEvent<CaptureRequest>) => void) | null;
  postMessage(message: CaptureReport, transfer: Transferable[]): void;
};
const scope = globalThis as unknown as WorkerScope;

/** Reads the audio chunks of a track until it is flushed or closed. */
class Reader {
  readonly #port: CapturePort;
  #capture: CaptureProcessor | null = null;
  #rate = 0;
  #channels: Float32Array[] = [];
  #channel = 0;
  #done = false;

  constructor(port: CapturePort) {
    this.#port = port;
  }

  report(message: CaptureReport, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  /** @param channel the channel to record, from 1; 0: selected automatically */
  async read(readable: ReadableStream<AudioData>, channel: number): Promise<void> {
    this.#channel = channel;
    const chunks = readable.getReader();
    for (;;) {
      const { value, done } = await chunks.read();
      if (done) return;
      try {
        if (!this.#done) this.#take(value);
      } finally {
        value.close();
      }
    }
  }

  pad(): void {
    if (!this.#done) this.#capture?.pad();
  }

  finish(): void {
    if (this.#done) return;
    this.#done = true;
    this.#capture?.flush(performance.now());
    this.report({ type: 'flushed' });
  }

  /**
   * Discards the rest of the track, which ends when the page stops it. The stream is not cancelled: in Chromium 114,
   * cancelling a transferred stream within about 50 ms of its start ends the page's process (11 of 24 runs of 50 fast
   * presses; none of 25 times 100 without cancelling).
   */
  close(): void {
    this.#done = true;
    this.#port.close();
  }

  #take(chunk: AudioData): void {
    const { numberOfChannels, numberOfFrames, sampleRate } = chunk;
    if (this.#capture === null) {
      this.#capture = new CaptureProcessor(
        sampleRate,
        (pcm, isLast) => this.report({ type: 'frame', pcm, isLast }, [pcm.buffer]),
        (ms) => this.report({ type: 'gap', ms }),
        this.#channel,
      );
      this.report({ type: 'started', sampleRate });
    } else if (sampleRate !== this.#rate) {
      this.#capture.changeRate(sampleRate);
    }
    this.#rate = sampleRate;
    if (this.#channels.length !== numberOfChannels || this.#channels[0]?.length !== numberOfFrames) {
      this.#channels = Array.from({ length: numberOfChannels }, () => new Float32Array(numberOfFrames));
    }
    for (const [planeIndex, channel] of this.#channels.entries()) {
      chunk.copyTo(channel, { planeIndex, format: 'f32-planar' });
    }
    if (!this.#capture.process(this.#channels, performance.now())) this.report({ type: 'dropped' });
  }
}

scope.onmessage = ({ data: port }) => {
  const reader = new Reader(port);
  const fail = (error: unknown) => reader.report({ type: 'failed', reason: String(error) });
  port.onmessage = ({ data }) => {
    if (data.type === 'pad') reader.pad();
    else if (data.type === 'flush') setTimeout(() => reader.finish(), LAST_SOUND_MS);
    else if (data.type === 'close') reader.close();
    else reader.read(data.readable, data.channel).catch(fail);
  };
};
scope.postMessage('loaded');
