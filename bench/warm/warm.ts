import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { LIMITS } from '../../main/voice/limits.ts';
import { HEARTBEAT_MS } from '../../shared/protocol.ts';
import { BROWSER_ARGS } from '../../testing/browser.ts';
import { readLog } from '../../testing/data-dir.ts';
import { startHost } from '../../testing/host-process.ts';
import { microphoneFlags } from '../../testing/microphone.ts';
import { type Summary, seededRandom, shuffled, summarise } from '../../testing/stats.ts';
import { findBrowser } from '../../tools/browser/find.ts';
import { thisMachine } from '../../tools/browser/this-machine.ts';
import { build } from '../../tools/launch/build.ts';
import { buildIsStale } from '../../tools/test-runner/build-freshness.ts';
import { ROOT } from '../../tools/test-runner/run-tool.ts';
import { atMost, type BenchOptions, type Report, show } from '../report.ts';
import { type IdleCost, measureIdle } from './idle.ts';
import {
  type CompletePress,
  gainOf,
  isComplete,
  KINDS,
  type Kind,
  type Press,
  type PressesByKind,
  pressesByKind,
  readPresses,
} from './presses.ts';
import { CONNECT_DELAY_MS, pressInWindow, WINDOWS, type WindowKind } from './windows.ts';

/** Each round opens a window of each kind. A full run has 12 first presses and 60 later ones, a quick run 2 and 10. */
const ROUNDS = { full: 12, quick: 2 };
/** Presses after the first, in each window. */
const LATER_PRESSES = 5;
/** Number of heartbeat intervals to measure, both with and without idle connections. */
const HEARTBEATS = { full: 8, quick: 1 };

const TITLES: Record<Kind, string> = {
  first: 'first press',
  later: 'later presses',
  held: 'microphone held open',
  delayed: 'connection starts later',
};

/** The steps of a press, in their usual order. */
const STEPS = ['open', 'welcome', 'mic', 'listening'] as const;

interface Figures extends Record<(typeof STEPS)[number], Summary> {
  gain: Summary;
  /** Share of presses whose welcome arrived after the microphone was open. */
  late: number;
}

/** Measures how much time a connection made before the press could save, in a real browser, and what it would cost. */
export async function warm(options: BenchOptions): Promise<Report> {
  const size = options.quick ? 'quick' : 'full';
  if (buildIsStale()) {
    options.progress('warm: building the app');
    await build(ROOT);
  }
  const presses = await pressAll(ROUNDS[size], options);
  options.progress(`warm: idle connections, ${(2 * HEARTBEATS[size] * HEARTBEAT_MS) / 1000} s`);
  return report(presses, await measureIdle(HEARTBEATS[size]));
}

async function pressAll(rounds: number, { seed, progress }: BenchOptions): Promise<PressesByKind> {
  const random = seededRandom(seed);
  const executablePath = await findBrowser({ ...thisMachine(), print: progress });
  const dataDir = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
  const windows: Array<{ kind: WindowKind; presses: number }> = [];
  try {
    const host = await startHost(dataDir);
    try {
      const browser = await chromium.launch({
        executablePath,
        args: [...BROWSER_ARGS, ...microphoneFlags('beeps', 'allowed')],
      });
      try {
        for (let round = 0; round < rounds; round++) {
          progress(`warm: round ${round + 1} of ${rounds}`);
          for (const kind of shuffled(WINDOWS, random)) {
            windows.push({ kind, presses: await pressInWindow(browser, host.url, kind, 1 + LATER_PRESSES, random) });
          }
        }
      } finally {
        await browser.close();
      }
    } finally {
      // Stopping the host writes the rest of the log.
      await host.stop();
    }
    return pressesByKind(readPresses(readLog(dataDir)), windows);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

function report({ presses, failed }: PressesByKind, idle: IdleCost): Report {
  const figures = Object.fromEntries(KINDS.map((kind) => [kind, figuresOf(presses[kind])])) as Record<Kind, Figures>;
  return {
    bench: 'warm',
    about: [
      'Times in ms since the press, from the log of the window, in a real browser with a fake microphone.',
      'Gain: how much later the welcome came than the microphone; a connection made before the press could save no more.',
      `In the last row the connection starts ${CONNECT_DELAY_MS} ms after the press, when the microphone is already open.`,
    ],
    tables: [
      {
        title: 'Presses',
        columns: [
          '',
          'n',
          ...STEPS.flatMap((step) => [`${step} p50`, 'p95']),
          'welcome last',
          'gain p50',
          'p95',
          'max',
        ],
        rows: KINDS.map((kind) => {
          const of = figures[kind];
          // The connection was delayed, so only the microphone's time means anything.
          if (kind === 'delayed') {
            const steps = STEPS.flatMap((step) => (step === 'mic' ? [show(of.mic.p50), show(of.mic.p95)] : ['', '']));
            return [TITLES[kind], show(of.mic.n), ...steps, '', '', '', ''];
          }
          return [
            TITLES[kind],
            show(of.welcome.n),
            ...STEPS.flatMap((step) => [show(of[step].p50), show(of[step].p95)]),
            `${Math.round(of.late * 100)} %`,
            ...[of.gain.p50, of.gain.p95, of.gain.max].map(show),
          ];
        }),
      },
      {
        title: 'One idle connection, on the server',
        columns: ['connections', 'KiB each', 'CPU ms per minute each', 'share of the limit'],
        rows: [
          [show(idle.connections), show(idle.bytes / 1024), show(idle.cpuMsPerMinute), `1 of ${LIMITS.connections}`],
        ],
      },
    ],
    aims: [atMost('presses after which the window did not listen', failed, 0)],
    failures: failed,
    figures: { presses: figures, idle },
  };
}

function figuresOf(presses: readonly Press[]): Figures {
  const complete = presses.filter(isComplete);
  const all = (ms: (press: CompletePress) => number) => summarise(complete.map(ms));
  return {
    open: all(({ openMs }) => openMs),
    welcome: all(({ welcomeMs }) => welcomeMs),
    mic: all(({ micMs }) => micMs),
    listening: all(({ listeningMs }) => listeningMs),
    gain: all(gainOf),
    late: complete.filter((press) => gainOf(press) > 0).length / complete.length,
  };
}
