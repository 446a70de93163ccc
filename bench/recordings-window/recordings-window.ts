import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import { desktopArgs, desktopEnv, electronRuntime } from '../../testing/electron.ts';
import { median, percentile, seededRandom, shuffled } from '../../testing/stats.ts';
import { prepareElectron } from '../../tools/electron/prepare.ts';
import { build } from '../../tools/launch/build.ts';
import { buildIsStale } from '../../tools/test-runner/build-freshness.ts';
import { ROOT } from '../../tools/test-runner/run-tool.ts';
import { writeRecordings } from '../recordings-list/write-recordings.ts';
import { atMost, type BenchOptions, type Report, show } from '../report.ts';
import { listTimes, scrollFrames, WATCH_MODULE } from './page-timing.ts';

/** Numbers of recordings to compare. The first is the floor: the same app with a short list. */
const FEW = 20;
const SIZES = { full: { many: 10_000, rounds: 7 }, quick: { many: 2_000, rounds: 2 } };
/** Frames of each scroll, and its steps in pixels: a wheel, and a dragged scroll bar. */
const FRAMES = 120;
const WHEEL = 120;
const DRAG = 6_000;
/** A window of this width shows the recordings beside the mic. */
const WINDOW = { width: 1280, height: 800 };
const WATCH_FILE = 'watch-list.cjs';

interface Round {
  /** From starting the process to the first paint with a row, in ms. */
  fromStart: number;
  /** From the start of the page's navigation. */
  fromPage: number;
  /** From the navigation until all recordings are in the list. */
  all: number;
  longestTask: number;
  /** The same after a reload: the host already knows the recordings. */
  reloaded: number;
  still: number[];
  wheel: number[];
  drag: number[];
}

/** Measures how soon the desktop app shows the list of recordings and how it scrolls, with few and with many. */
export async function recordingsWindow(options: BenchOptions): Promise<Report> {
  const { many, rounds } = SIZES[options.quick ? 'quick' : 'full'];
  if (buildIsStale()) {
    options.progress('recordings-window: building the app');
    await build(ROOT);
  }
  const electron = await prepareElectron(options.progress);
  const folders = new Map<number, string>();
  try {
    const env = { ...process.env, ...electron.env };
    const runtime = electronRuntime(env);
    if ('missing' in runtime) throw new Error(`The bench "recordings-window" needs Electron. ${runtime.missing}`);
    const counts = [FEW, many];
    for (const count of counts) {
      options.progress(`recordings-window: writing ${count} recordings`);
      const folder = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
      folders.set(count, folder);
      await writeFile(join(folder, WATCH_FILE), WATCH_MODULE);
      await writeRecordings(join(folder, 'recordings'), count, options.seed);
    }
    const random = seededRandom(options.seed);
    const results = new Map<number, Round[]>(counts.map((count) => [count, []]));
    // The first start of each reads the files into the system's cache, and is not counted.
    for (let round = 0; round <= rounds; round++) {
      options.progress(`recordings-window: round ${round} of ${rounds}`);
      for (const count of shuffled(counts, random)) {
        const result = await measure(runtime.executable, folders.get(count) ?? '', count, env);
        if (round > 0) results.get(count)?.push(result);
      }
    }
    return report(results.get(FEW) ?? [], results.get(many) ?? [], many);
  } finally {
    for (const folder of folders.values()) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    await electron.stop();
  }
}

async function measure(executablePath: string, folder: string, count: number, env: NodeJS.ProcessEnv): Promise<Round> {
  const started = Date.now();
  const args = ['-r', join(folder, WATCH_FILE), ...desktopArgs(folder)];
  const app = await _electron.launch({ executablePath, args, env: desktopEnv(folder, env) });
  try {
    const page = await app.firstWindow();
    const first = await listTimes(page, count);
    await app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(...size), [
      WINDOW.width,
      WINDOW.height,
    ] as [number, number]);
    const still = await scrollFrames(page, 0, FRAMES);
    const wheel = await scrollFrames(page, WHEEL, FRAMES);
    const drag = await scrollFrames(page, DRAG, FRAMES);
    await page.reload();
    const { firstRow: reloaded } = await listTimes(page, count);
    return {
      fromStart: first.origin + first.firstRow - started,
      fromPage: first.firstRow,
      all: first.all,
      longestTask: first.longestTask,
      reloaded,
      still,
      wheel,
      drag,
    };
  } finally {
    await app.close();
  }
}

function report(few: readonly Round[], many: readonly Round[], count: number): Report {
  const p95 = (frames: readonly number[]) =>
    percentile(
      [...frames].sort((a, b) => a - b),
      95,
    );
  const figuresOf = (rounds: readonly Round[]) => {
    const of = (value: (round: Round) => number) => median(rounds.map(value));
    return {
      from_start_ms: of(({ fromStart }) => fromStart),
      from_page_ms: of(({ fromPage }) => fromPage),
      reloaded_ms: of(({ reloaded }) => reloaded),
      all_ms: of(({ all }) => all),
      longest_task_ms: of(({ longestTask }) => longestTask),
      still_p95_ms: of(({ still }) => p95(still)),
      wheel_p95_ms: of(({ wheel }) => p95(wheel)),
      drag_p95_ms: of(({ drag }) => p95(drag)),
    };
  };
  const figures = { few: figuresOf(few), many: figuresOf(many) };
  const row = (name: string, key: keyof typeof figures.few) => [
    name,
    show(figures.few[key]),
    show(figures.many[key]),
    show(figures.many[key] / figures.few[key]),
  ];
  return {
    bench: 'recordings-window',
    about: [
      `The desktop app with ${FEW} and with ${count} recordings, ${many.length} starts of each; medians in ms.`,
      'First row: the paint with the first row of the list. Frames: times between animation frames.',
    ],
    tables: [
      {
        title: 'The list of recordings in the window',
        columns: ['', String(FEW), count.toLocaleString('en'), 'ratio'],
        rows: [
          row('first row, from the start of the process', 'from_start_ms'),
          row('first row, from the opening of the page', 'from_page_ms'),
          row('first row after a reload', 'reloaded_ms'),
          row('all recordings in the list, from the opening', 'all_ms'),
          row('longest task of the page until then', 'longest_task_ms'),
          row('frames without scrolling, p95', 'still_p95_ms'),
          row('frames while a wheel scrolls, p95', 'wheel_p95_ms'),
          row('frames while the scroll bar is dragged, p95', 'drag_p95_ms'),
        ],
      },
    ],
    aims: [
      atMost('first row, many to few', figures.many.from_page_ms / figures.few.from_page_ms, 1.5),
      atMost('first row with many, from the opening', figures.many.from_page_ms, 1_000, ' ms'),
      atMost('wheel p95 to still', figures.many.wheel_p95_ms / figures.many.still_p95_ms, 1.5),
      atMost('drag p95 to still', figures.many.drag_p95_ms / figures.many.still_p95_ms, 2.5),
    ],
    failures: 0,
    figures,
  };
}
