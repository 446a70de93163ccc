import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tone } from '../../testing/audio/tone.ts';
import { microphoneOf } from '../../testing/microphone.ts';
import { treeUsage } from '../../testing/process-tree.ts';
import { median, shuffled } from '../../testing/stats.ts';
import { onBusyMachine } from './busy-machine.ts';
import { equalShare, extraLatencyMs, toFloat } from './compare-captures.ts';
import {
  CAPTURES,
  type Captured,
  type CaptureKind,
  type CaptureRun,
  CONVERTERS,
  type ConstraintResult,
  type Converter,
  INPUT_RATES,
  OUTPUT_RATE,
  type PageApi,
} from './page-api.ts';
import { wavPath } from './page-server.ts';
import { type ResponseSummary, responseOf, summariseResponse } from './response.ts';
import type { OpenPage, OpenRuntime } from './runtimes.ts';
import { REFERENCE, tonesBelow } from './test-tones.ts';
import { type ToneContinuity, toneContinuity } from './tone-continuity.ts';

/** How long and how often to measure; lengths in seconds. */
export interface Sizes {
  /** Length of the recordings to convert. */
  convertS: number;
  /** Length of each capture of the tones. */
  toneS: number;
  /** Length of the single tone that is captured on an idle and on a busy machine. */
  idleS: number;
  busyS: number;
  /** Length and number of the captures whose CPU time is measured. */
  cpuS: number;
  cpuRounds: number;
}

/** Number of samples to skip at both ends of a conversion and at the start of a capture, where the filter rings. */
const EDGE_SAMPLES = OUTPUT_RATE / 4;
/** Number of random splits of a recording into chunks. */
const CHUNK_ROUNDS = 4;
/** Peak of the tone: the default of `tone`, -12 dBFS. */
const TONE_PEAK = 10 ** (-12 / 20);
/** Silence before and after the tone, in seconds. */
const SILENCE_S = 1;

interface Loss extends ToneContinuity {
  /** Number of samples by which the tone is too short; negative if it is too long. */
  missing: number;
  /** Total length of the gaps that the capture reported, in ms. */
  gapsMs: number;
}

export interface RuntimeFigures {
  version: string;
  constraints: ConstraintResult[];
  /** One for each way of conversion or capture and each input rate (Hz). */
  responses: Array<{
    how: `${Converter}, conversion` | `${CaptureKind}, capture`;
    rate: number;
    response: ResponseSummary;
  }>;
  /** Time in ms to convert one second of audio, for each way of conversion and each input rate (Hz). */
  convertMs: Array<{ how: Converter; rate: number; msPerSecond: number }>;
  /** Whether Earshot's resampler gives bit-identical output for any split of its input into chunks. */
  independentOfChunkSizes: boolean;
  captures: Record<CaptureKind, CaptureFigures>;
}

interface CaptureFigures {
  /** How much later samples arrive than in Earshot's capture, in ms. */
  extraLatencyMs: number;
  /** The share of equal samples in two captures of the same track, 0 to 1. */
  equal: number;
  idle: Loss;
  busy: Loss;
  /**
   * CPU time (ms) of all processes for one second of capture, minus that of an open microphone. NaN except on Linux.
   */
  cpuMs: number;
}

/** Measures all conversions and captures in one browser. */
export async function measureRuntime(
  open: OpenRuntime,
  url: string,
  sizes: Sizes,
  random: () => number,
  progress: (text: string) => void,
): Promise<RuntimeFigures> {
  const opened = await open(url, 'beeps');
  try {
    progress(`resampler: ${opened.version}, response`);
    const constraints = await call(opened, 'constraints');
    const microphoneRate = await call(opened, 'microphoneRate');
    const responses: RuntimeFigures['responses'] = [];
    const convertMs: RuntimeFigures['convertMs'] = [];
    let independentOfChunkSizes = true;
    let latency = { earshot: 0, 'context 16 kHz': 0 };
    for (const rate of INPUT_RATES) {
      for (const how of CONVERTERS) {
        const { samples, ms } = await call(opened, 'convert', how, wavPath(rate));
        const steady = Float64Array.from(samples).subarray(EDGE_SAMPLES, -EDGE_SAMPLES);
        responses.push({
          how: `${how}, conversion`,
          rate,
          response: summariseResponse(responseOf(steady, tonesBelow(rate))),
        });
        convertMs.push({ how, rate, msPerSecond: ms / sizes.convertS });
      }
      independentOfChunkSizes &&= await call(opened, 'isIndependentOfChunkSizes', wavPath(rate), CHUNK_ROUNDS);
      const captured = await capture(opened, {
        kinds: [...CAPTURES],
        source: { tones: rate },
        seconds: sizes.toneS,
        busy: false,
      });
      for (const how of CAPTURES) {
        responses.push({ how: `${how}, capture`, rate, response: steadyResponse(captured[how], rate) });
      }
      latency = { ...latency, 'context 16 kHz': extraLatencyMs(captured.earshot, captured['context 16 kHz']) };
    }
    const equal = { earshot: 0, 'context 16 kHz': 0 };
    for (const kind of CAPTURES) {
      const run: CaptureRun = { kinds: [kind, kind], source: { tones: 48_000 }, seconds: sizes.toneS / 2, busy: false };
      const [one, other] = await call(opened, 'capture', run);
      if (one && other) equal[kind] = equalShare(one, other);
    }
    progress(`resampler: ${opened.version}, CPU time`);
    const cpuMs = await measureCpu(opened, sizes, random);
    await opened.close();
    progress(`resampler: ${opened.version}, lost samples`);
    const { idle, busy } = await measureLoss(open, url, microphoneRate, sizes);
    const figuresOf = (kind: CaptureKind): CaptureFigures => ({
      extraLatencyMs: latency[kind],
      equal: equal[kind],
      idle: idle[kind],
      busy: busy[kind],
      cpuMs: cpuMs[kind],
    });
    const captures = { earshot: figuresOf('earshot'), 'context 16 kHz': figuresOf('context 16 kHz') };
    return { version: opened.version, constraints, responses, convertMs, independentOfChunkSizes, captures };
  } finally {
    await opened.close();
  }
}

/** Measures the response of a capture of the tones. @param rate of the input, in Hz */
function steadyResponse(captured: Captured, rate: number): ResponseSummary {
  return summariseResponse(responseOf(toFloat(captured).subarray(EDGE_SAMPLES), tonesBelow(rate)));
}

/** Captures a tone from the microphone in both ways at once, on an idle and on a busy machine. */
async function measureLoss(open: OpenRuntime, url: string, rate: number, sizes: Sizes) {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
  const loss = async (seconds: number, busy: boolean): Promise<Record<CaptureKind, Loss>> => {
    const sound = tone({ frequency: REFERENCE, seconds, rate, silence: SILENCE_S });
    const opened = await open(url, microphoneOf(sound, folder, busy ? 'busy' : 'idle'));
    try {
      const run = { kinds: [...CAPTURES], source: 'microphone' as const, seconds: seconds + 2 * SILENCE_S, busy };
      const captured = await (busy ? onBusyMachine(() => capture(opened, run)) : capture(opened, run));
      const lossOf = (result: Captured): Loss => {
        const continuity = toneContinuity(toFloat(result), REFERENCE, TONE_PEAK);
        return { ...continuity, missing: seconds * OUTPUT_RATE - continuity.length, gapsMs: result.gapsMs };
      };
      return { earshot: lossOf(captured.earshot), 'context 16 kHz': lossOf(captured['context 16 kHz']) };
    } finally {
      await opened.close();
    }
  };
  try {
    return { idle: await loss(sizes.idleS, false), busy: await loss(sizes.busyS, true) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Measures the CPU time (ms) of the browser for one second of each capture, minus that of an open microphone. */
async function measureCpu(opened: OpenPage, sizes: Sizes, random: () => number): Promise<Record<CaptureKind, number>> {
  if (process.platform !== 'linux') return { earshot: Number.NaN, 'context 16 kHz': Number.NaN };
  const used: Record<CaptureKind | 'none', number[]> = { none: [], earshot: [], 'context 16 kHz': [] };
  for (let round = 0; round < sizes.cpuRounds; round++) {
    for (const kind of shuffled(['none', ...CAPTURES] as const, random)) {
      const before = treeUsage(opened.pid).cpuMs;
      await call(opened, 'capture', {
        kinds: kind === 'none' ? [] : [kind],
        source: 'microphone',
        seconds: sizes.cpuS,
        busy: false,
      });
      used[kind].push((treeUsage(opened.pid).cpuMs - before) / sizes.cpuS);
    }
  }
  const beyond = (kind: CaptureKind) => median(used[kind]) - median(used.none);
  return { earshot: beyond('earshot'), 'context 16 kHz': beyond('context 16 kHz') };
}

async function capture(opened: OpenPage, run: CaptureRun): Promise<Record<CaptureKind, Captured>> {
  const results = await call(opened, 'capture', run);
  const resultOf = (kind: CaptureKind) => results[run.kinds.indexOf(kind)] ?? { samples: [], arrivals: [], gapsMs: 0 };
  return { earshot: resultOf('earshot'), 'context 16 kHz': resultOf('context 16 kHz') };
}

/** Calls a function of the page. */
function call<Name extends keyof PageApi>(
  { page }: OpenPage,
  name: Name,
  ...args: Parameters<PageApi[Name]>
): Promise<Awaited<ReturnType<PageApi[Name]>>> {
  type Result = Awaited<ReturnType<PageApi[Name]>>;
  return page.evaluate(
    ([called, passed]) => {
      const { bench } = globalThis as unknown as { bench: Record<string, (...all: unknown[]) => Promise<unknown>> };
      return (bench[called as string] as (...all: unknown[]) => Promise<unknown>)(...(passed as unknown[]));
    },
    [name, args] as const,
  ) as Promise<Result>;
}
