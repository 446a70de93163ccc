import { CaptureProcessor, type CaptureReport, type CaptureRequest } from './capture-processor.ts';

/** What was said until the press is on its way through the system for some milliseconds more: it is waited for. */
const LAST_SOUND_MS = 60;

/** As much of the worker's global scope as is used; TypeScript's DOM library knows the window's alone. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<CaptureRequest>) => void) | null;
  postMessage(message: CaptureReport, transfer: Transferable[]): void;
}
const scope = globalThis as unknown as WorkerScope;

function report(message: CaptureReport, transfer: Transferable[] = []): void {
  scope.postMessage(message, transfer);
}

/** Reads the pieces of a track, one after the other, until it is asked for the rest. */
class Reader {
  #capture: CaptureProcessor | null = null;
  #rate = 0;
  #channels: Float32Array[] = [];
  #channel = 0;
  #done = false;

  /** @param channel the one that is heard, from 1; 0: the one that carries the sound */
  async read(readable: ReadableStream<AudioData>, channel: number): Promise<void> {
    this.#channel = channel;
    const pieces = readable.getReader();
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
    report({ type: 'flushed' });
  }

  #take(piece: AudioData): void {
    const { numberOfChannels, numberOfFrames, sampleRate } = piece;
    if (this.#capture === null) {
      this.#capture = new CaptureProcessor(
        sampleRate,
        (pcm, isLast) => report({ type: 'frame', pcm, isLast }, [pcm.buffer]),
        (ms) => report({ type: 'gap', ms }),
        this.#channel,
      );
      report({ type: 'started', sampleRate });
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
    if (!this.#capture.process(this.#channels, performance.now())) report({ type: 'dropped' });
  }
}

const reader = new Reader();
scope.onmessage = ({ data }) => {
  if (data.type === 'pad') reader.pad();
  else if (data.type === 'flush') setTimeout(() => reader.finish(), LAST_SOUND_MS);
  else
    reader
      .read(data.readable, data.channel)
      .catch((error: unknown) => report({ type: 'failed', reason: String(error) }));
};
