import { CaptureProcessor, type CaptureReport, type CaptureRequest } from './capture-processor.ts';

/** What was said until the press is on its way through the system for some milliseconds more: it is waited for. */
const LAST_SOUND_MS = 60;

/** What the page hears of the worker itself; of a capture it hears by the capture's own port. */
export type WorkerReport = 'loaded';

/** As much of the worker's global scope as is used; TypeScript's DOM library knows the window's alone. */
interface WorkerScope {
  /** A capture begins: its port. */
  onmessage: ((event: MessageEvent<CapturePort>) => void) | null;
  postMessage(message: WorkerReport): void;
}
type CapturePort = Pick<MessagePort, 'close'> & {
  onmessage: ((event: MessageEvent<CaptureRequest>) => void) | null;
  postMessage(message: CaptureReport, transfer: Transferable[]): void;
};
const scope = globalThis as unknown as WorkerScope;

/** Reads the pieces of a track, one after the other, until it is asked for the rest. */
class Reader {
  readonly #port: CapturePort;
  #pieces: ReadableStreamDefaultReader<AudioData> | null = null;
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

  /** @param channel the one that is heard, from 1; 0: the one that carries the sound */
  async read(readable: ReadableStream<AudioData>, channel: number): Promise<void> {
    this.#channel = channel;
    const pieces = readable.getReader();
    this.#pieces = pieces;
    for (;;) {
      const { value, done } = await pieces.read();
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

  /** What still comes of the track is let go. */
  async close(): Promise<void> {
    this.#done = true;
    this.#port.close();
    await this.#pieces?.cancel();
  }

  #take(piece: AudioData): void {
    const { numberOfChannels, numberOfFrames, sampleRate } = piece;
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
      piece.copyTo(channel, { planeIndex, format: 'f32-planar' });
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
    else if (data.type === 'close') reader.close().catch(() => undefined);
    else reader.read(data.readable, data.channel).catch(fail);
  };
};
scope.postMessage('loaded');
