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
  gainOf,
  isRecorded,
  KINDS,
  type Kind,
  type Press,
  type PressOrder,
  pressesOf,
  type RecordedPress,
  shufflePresses,
} from './presses.ts';
import { APART_MS, pressInWindow, WINDOWS, type WindowKind } from './windows.ts';

/** Each round opens a window of each kind: 12 and 2 first presses, and 60 and 10 later ones. */
const ROUNDS = { full: 12, quick: 2 };
/** After the first, in each window. */
const LATER_PRESSES = 5;
/** Heartbeats to wait for while the connections stand, and as long without them. */
const HEARTBEATS = { full: 8, quick: 1 };

const TITLES: Record<Kind, string> = {
  first: 'first press in a new window',
  later: 'later presses in it',
  held: 'microphone held open',
  apart: 'connection begins later',
};

/** What is told of a press, in the order in which it comes. */
const STEPS = ['open', 'welcome', 'mic', 'listening'] as const;

interface Figures extends Record<(typeof STEPS)[number], Summary> {
  gain: Summary;
  /** Presses whose welcome came after the microphone, as a share of all. */
  late: number;
}

/** What a connection that stood before the press would save, at most, in a real browser, and what it would cost. */
export async function warm(options: BenchOptions): Promise<Report> {
  const size = options.quick ? 'quick' : 'full';
  if (buildIsStale()) {
    options.progress('warm: building the app');
    await build(ROOT);
  }
  const dealt = await pressAll(ROUNDS[size], options);
  options.progress(`warm: connections that only stand, ${(2 * HEARTBEATS[size] * HEARTBEAT_MS) / 1000} s`);
  return report(dealt, await measureIdle(HEARTBEATS[size]));
}

async function pressAll(rounds: number, { seed, progress }: BenchOptions): Promise<PressOrder> {
  const random = seededRandom(seed);
  const executablePath = await findBrowser({ ...thisMachine(), say: progress });
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
      // Its end writes the last of the log.
      await host.stop();
    }
    return shufflePresses(pressesOf(readLog(dataDir)), windows);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

function report({ presses, failed }: PressOrder, idle: IdleCost): Report {
  const figures = Object.fromEntries(KINDS.map((kind) => [kind, figuresOf(presses[kind])])) as Record<Kind, Figures>;
  return {
    bench: 'warm',
    about: [
      'Times in ms from the press, as the window logs them, in a real browser with a fake microphone.',
      'Gain: what the press waited for the welcome alone, the most that a connection made before it could save.',
      `What connecting takes from the microphone: the last row opens it alone, ${APART_MS} ms before the connection.`,
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
          // Its connection was held back, so only the microphone tells something.
          if (kind === 'apart') {
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
        title: 'One connection that only stands, on the server',
        columns: ['connections', 'KiB each', 'CPU ms a minute each', 'of the places for connections'],
        rows: [
          [show(idle.connections), show(idle.bytes / 1024), show(idle.cpuMsPerMinute), `1 of ${LIMITS.connections}`],
        ],
      },
    ],
    aims: [atMost('presses that did not come to listening', failed, 0)],
    failures: failed,
    figures: { presses: figures, idle },
  };
}

function figuresOf(presses: readonly Press[]): Figures {
  const heard = presses.filter(isRecorded);
  const all = (ms: (press: RecordedPress) => number) => summarise(heard.map(ms));
  return {
    open: all(({ openMs }) => openMs),
    welcome: all(({ welcomeMs }) => welcomeMs),
    mic: all(({ micMs }) => micMs),
    listening: all(({ listeningMs }) => listeningMs),
    gain: all(gainOf),
    late: heard.filter((press) => gainOf(press) > 0).length / heard.length,
  };
}
