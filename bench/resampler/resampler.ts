import { seededRandom } from '../../testing/stats.ts';
import { prepareElectron } from '../../tools/electron/prepare.ts';
import { atMost, type BenchOptions, type Report, show } from '../report.ts';
import { askFirefox } from './firefox.ts';
import { measureRuntime, type RuntimeFigures, type Sizes } from './measure.ts';
import { CAPTURES, type FirefoxResult } from './page-api.ts';
import { startBenchServer } from './page-server.ts';
import { chromiumRuntime, electronBenchRuntime } from './runtimes.ts';

const SIZES: Record<'full' | 'quick', Sizes> = {
  full: { convertS: 7, toneS: 7, idleS: 10, busyS: 30, cpuS: 5, cpuRounds: 2 },
  quick: { convertS: 2, toneS: 3, idleS: 3, busyS: 5, cpuS: 2, cpuRounds: 1 },
};

/** Compares how well browsers and Earshot's resampler convert audio to 16 kHz, and how much CPU time captures need. */
export async function resampler(options: BenchOptions): Promise<Report> {
  const sizes = SIZES[options.quick ? 'quick' : 'full'];
  const random = seededRandom(options.seed);
  const electron = await prepareElectron(options.progress);
  const server = await startBenchServer(sizes.convertS);
  try {
    const runtimes = [
      await chromiumRuntime(options.progress),
      electronBenchRuntime({ ...process.env, ...electron.env }),
    ].filter((runtime) => runtime !== null);
    const figures: RuntimeFigures[] = [];
    for (const runtime of runtimes) {
      figures.push(await measureRuntime(runtime, server.url, sizes, random, options.progress));
    }
    options.progress('resampler: Firefox');
    return report(figures, await askFirefox(server), sizes);
  } finally {
    await server.stop();
    await electron.stop();
  }
}

function report(all: readonly RuntimeFigures[], firefox: FirefoxResult | null, sizes: Sizes): Report {
  const earshot = all.flatMap(({ responses }) => responses.filter(({ how }) => how.startsWith('earshot')));
  const worst = (of: (row: (typeof earshot)[number]) => number) => Math.max(...earshot.map(of));
  return {
    bench: 'resampler',
    about: [
      'Response: level of each tone in dB relative to 997 Hz, converted as a recording or captured as a stream.',
      `Breaks: places where a tone (${sizes.idleS} s on an idle machine, ${sizes.busyS} s on a busy one) is not a steady sine.`,
      'CPU: time of all processes for one second of capture, minus that of an open microphone (Linux only).',
    ],
    tables: [
      {
        title: 'Response, dB',
        columns: ['', 'input Hz', '<= 4 kHz', '<= 7 kHz', '7.5 kHz', '8.5 kHz', '8.6-12 kHz', '12 kHz and up', 'noise'],
        rows: all.flatMap(({ version, responses }) =>
          responses.map(({ how, rate, response }) => [
            `${version}: ${how}`,
            String(rate),
            ...[response.to4kHz, response.to7kHz].map((ripple) => `±${ripple.toFixed(2)}`),
            ...[response.at7500, response.alias8500, response.alias8600, response.alias12000, response.noise].map(
              (db) => db.toFixed(1),
            ),
          ]),
        ),
      },
      {
        title: 'Conversion of a recording',
        columns: ['', 'input Hz', 'ms per second of audio'],
        rows: all.flatMap(({ version, convertMs }) =>
          convertMs.map(({ how, rate, msPerSecond }) => [`${version}: ${how}`, String(rate), show(msPerSecond)]),
        ),
      },
      {
        title: 'Capture of a track',
        columns: [
          '',
          'breaks idle',
          'breaks busy',
          'samples missing idle',
          'busy',
          'gaps reported ms',
          'equal %',
          'latency ms',
          'CPU ms/s',
        ],
        rows: all.flatMap(({ version, captures }) =>
          CAPTURES.map((kind) => {
            const { idle, busy, equal, extraLatencyMs, cpuMs } = captures[kind];
            return [
              `${version}: ${kind}`,
              ...[idle.breaks, busy.breaks, idle.missing, busy.missing, idle.gapsMs + busy.gapsMs].map(show),
              (100 * equal).toFixed(1),
              `+${extraLatencyMs.toFixed(1)}`,
              show(cpuMs),
            ];
          }),
        ),
      },
      {
        title: 'Requests for 16 kHz',
        columns: ['', 'result'],
        rows: [
          ...all.flatMap(({ version, constraints }) =>
            constraints.map(({ constraint, result }) => [`${version}: sampleRate ${constraint}`, result]),
          ),
          firefox === null
            ? ['Firefox', 'not installed']
            : [`${firefox.agent.split(' ').at(-1)}: microphone in a context of 16 kHz`, firefox.outcome],
        ],
      },
    ],
    aims: [
      atMost(
        'Earshot, ripple to 7 kHz',
        worst(({ response }) => response.to7kHz),
        0.1,
        ' dB',
      ),
      atMost(
        'Earshot, alias from 8.6 kHz',
        worst(({ response }) => Math.max(response.alias8600, response.alias12000)),
        -80,
        ' dB',
      ),
      atMost(
        'Earshot, breaks on a busy machine',
        Math.max(...all.map(({ captures }) => captures.earshot.busy.breaks)),
        0,
      ),
    ],
    failures: all.filter(({ independentOfChunkSizes }) => !independentOfChunkSizes).length,
    figures: { runtimes: all, firefox },
  };
}
