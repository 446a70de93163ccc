import { AudioGraph } from '../../../renderer/capture/audio-graph.ts';
import type { Capture, CaptureEvents } from '../../../renderer/capture/capture.ts';
import { CaptureStream } from '../../../renderer/capture/capture-stream.ts';
import { createCaptureThread } from '../../../renderer/capture/capture-thread.ts';
import { Resampler } from '../../../renderer/capture/resampler.ts';
import {
  type Captured,
  type CaptureKind,
  type CaptureRun,
  type ConstraintResult,
  type Converted,
  type Converter,
  OUTPUT_RATE,
  type PageApi,
  type Source,
} from '../page-api.ts';
import { allTones } from '../test-tones.ts';

/** The constraints that the app uses (renderer/capture/microphone.ts), for one channel. */
const UNPROCESSED = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
/** A busy page runs its own code for 150 of every 200 ms. */
const BUSY_MS = { period: 200, work: 150 };
/** Upper bound of the random chunk sizes, in samples. */
const MAX_CHUNK_SAMPLES = 2_000;
/** Byte offsets of the sample rate and of the samples in the WAV files of this bench, which are mono PCM16. */
const WAV = { rate: 24, samples: 44 };

const thread = createCaptureThread();
thread.load();

const CAPTURES: Record<CaptureKind, (events: CaptureEvents) => Capture> = {
  earshot: (events) => new CaptureStream(events, thread, 1),
  'context 16 kHz': (events) => new AudioGraph(new AudioContext({ sampleRate: OUTPUT_RATE }), events, 1),
};

const CONVERTERS: Record<Converter, (wav: ArrayBuffer) => Promise<Float32Array> | Float32Array> = {
  earshot: (wav) => resample(readWav(wav), [Number.POSITIVE_INFINITY]),
  async decodeAudioData(wav) {
    const decoded = await new OfflineAudioContext(1, 1, OUTPUT_RATE).decodeAudioData(wav);
    return decoded.getChannelData(0);
  },
  async 'buffer source'(wav) {
    const { rate, samples } = readWav(wav);
    const length = Math.floor((samples.length * OUTPUT_RATE) / rate);
    const context = new OfflineAudioContext(1, length, OUTPUT_RATE);
    const source = createBufferSource(context, rate, samples);
    source.connect(context.destination);
    source.start();
    return (await context.startRendering()).getChannelData(0);
  },
};

const api: PageApi = {
  async convert(converter, address): Promise<Converted> {
    const wav = await fetchBytes(address);
    // Not timed: the first run compiles the code.
    await CONVERTERS[converter](wav.slice(0));
    const started = performance.now();
    const samples = await CONVERTERS[converter](wav);
    return { ms: performance.now() - started, samples: Array.from(samples) };
  },

  async isIndependentOfChunkSizes(address, rounds) {
    const wav = readWav(await fetchBytes(address));
    const whole = resample(wav, [Number.POSITIVE_INFINITY]);
    return Array.from({ length: rounds }, () => {
      const sizes = Array.from({ length: 100 }, () => Math.floor(Math.random() * MAX_CHUNK_SAMPLES));
      const chunked = resample(wav, sizes);
      return chunked.length === whole.length && chunked.every((sample, i) => Object.is(sample, whole[i]));
    }).every(Boolean);
  },

  async capture({ kinds, source, seconds, busy }: CaptureRun) {
    const { stream, stop } = await open(source);
    const results = kinds.map((): Captured => ({ samples: [], arrivals: [], gapsMs: 0 }));
    const captures = kinds.map((kind, i) => CAPTURES[kind](recordInto(results[i] as Captured)));
    await Promise.all(captures.map((capture) => capture.connect(stream)));
    const work = busy ? setInterval(keepThreadBusy, BUSY_MS.period) : undefined;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    clearInterval(work);
    await Promise.all(captures.map((capture) => capture.flush()));
    await Promise.all(captures.map((capture) => capture.close()));
    await stop();
    return results;
  },

  async constraints() {
    const results: ConstraintResult[] = [];
    for (const sampleRate of [undefined, { ideal: OUTPUT_RATE }, { exact: OUTPUT_RATE }]) {
      const audio = { ...UNPROCESSED, ...(sampleRate && { sampleRate }) };
      const constraint = sampleRate ? JSON.stringify(sampleRate) : 'none';
      try {
        results.push({ constraint, result: `${await trackRate(audio)} Hz` });
      } catch (error) {
        results.push({ constraint, result: error instanceof Error ? error.name : String(error) });
      }
    }
    return results;
  },

  microphoneRate: () => trackRate(UNPROCESSED),
};
Object.assign(globalThis, { bench: api });

/** Opens a microphone with these constraints in the app's capture. @returns its sample rate in Hz */
async function trackRate(audio: MediaTrackConstraints): Promise<number> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const capture = CAPTURES.earshot(recordInto({ samples: [], arrivals: [], gapsMs: 0 }));
  try {
    await capture.connect(stream);
    return capture.sampleRate;
  } finally {
    await capture.close();
    for (const track of stream.getTracks()) track.stop();
  }
}

function recordInto(into: Captured): CaptureEvents {
  return {
    onFrame(pcm) {
      into.arrivals.push(performance.now());
      for (const sample of pcm) into.samples.push(sample);
    },
    onGap(ms) {
      into.gapsMs += ms;
    },
    onStall: () => undefined,
    onFailed: () => undefined,
  };
}

async function open(source: Source): Promise<{ stream: MediaStream; stop(): Promise<void> }> {
  if (source === 'microphone') {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: UNPROCESSED });
    return {
      stream,
      async stop() {
        for (const track of stream.getTracks()) track.stop();
      },
    };
  }
  const context = new AudioContext({ sampleRate: source.tones });
  const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  const node = createBufferSource(context, source.tones, Float32Array.from(allTones(source.tones, 1)));
  // All frequencies are integers, so one second can be looped without a break.
  node.loop = true;
  node.connect(destination);
  node.start();
  return { stream: destination.stream, stop: () => context.close() };
}

function createBufferSource(
  context: BaseAudioContext,
  rate: number,
  samples: Float32Array<ArrayBuffer>,
): AudioBufferSourceNode {
  const buffer = new AudioBuffer({ length: samples.length, sampleRate: rate });
  buffer.copyToChannel(samples, 0);
  return new AudioBufferSourceNode(context, { buffer });
}

interface Recording {
  rate: number;
  samples: Float32Array<ArrayBuffer>;
}

/** Resamples in chunks of the given sizes; a last chunk contains the rest. */
function resample({ rate, samples }: Recording, sizes: readonly number[]): Float32Array {
  const resampler = new Resampler(rate);
  const output = new Float32Array(Math.round((samples.length * OUTPUT_RATE) / rate));
  let from = 0;
  let written = 0;
  const write = (chunk: Float32Array) => {
    output.set(chunk, written);
    written += chunk.length;
  };
  for (const size of [...sizes, Number.POSITIVE_INFINITY]) {
    const until = Math.min(from + size, samples.length);
    write(resampler.process(samples.subarray(from, until)));
    from = until;
  }
  write(resampler.flush());
  return output;
}

function readWav(wav: ArrayBuffer): Recording {
  const rate = new DataView(wav).getUint32(WAV.rate, true);
  return { rate, samples: Float32Array.from(new Int16Array(wav, WAV.samples), (sample) => sample / 32_768) };
}

async function fetchBytes(address: string): Promise<ArrayBuffer> {
  return (await fetch(address)).arrayBuffer();
}

function keepThreadBusy(): void {
  for (const until = performance.now() + BUSY_MS.work; performance.now() < until; );
}
