import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from '@playwright/test';
import { desktopArgs, desktopEnv, electronRuntime } from '../../testing/electron.ts';
import { median, seededRandom, shuffled, summarise } from '../../testing/stats.ts';
import { prepareElectron } from '../../tools/electron/prepare.ts';
import { build } from '../../tools/launch/build.ts';
import { buildIsStale } from '../../tools/test-runner/build-freshness.ts';
import { ROOT } from '../../tools/test-runner/run-tool.ts';
import { writeRecordings } from '../recordings-list/write-recordings.ts';
import { atMost, type BenchOptions, type Report, show } from '../report.ts';
import { listTimes, openList, scrollFrames, WATCH_MODULE } from './page-timing.ts';

/** Numbers of recordings to compare. `FEW` is the floor: the same app with a short list. */
const FEW = 20;
const SIZES = { full: { counts: [0, FEW, 1_000, 10_000], rounds: 5 }, quick: { counts: [FEW, 2_000], rounds: 2 } };
/** Frames of each scroll, and its steps in pixels: a wheel, and a dragged scroll bar. */
const FRAMES = 120;
const WHEEL = 120;
const DRAG = 6_000;
/** A window of this width shows the recordings beside the mic. */
const WINDOW = { width: 1280, height: 800 };
/** A window of this width shows one part at a time, and asks for the recordings when their tab is opened. */
const NARROW = { width: 600, height: 800 };
const WATCH_FILE = 'watch-list.cjs';

interface Round {
  /** From starting the process to the first paint with a row, in ms. */
  fromStart: number;
  /** From the start of the page's navigation. */
  fromPage: number;
  /** From the page's first paint of any content: what the list adds to the start of the page. */
  fromPaint: number;
  /** From the navigation until all recordings are in the list. */
  all: number;
  longestTask: number;
  /** The same after a reload: the host already knows the recordings. */
  reloaded: number;
  /** From a click on the tab of the recordings in a narrow window, which has not asked for them yet. */
  fromClick: number;
  still: number[];
  wheel: number[];
  drag: number[];
}

/** Measures how soon the desktop app shows the list of recordings and how it scrolls, with few and with many. */
export async function recordingsWindow(options: BenchOptions): Promise<Report> {
  const { counts, rounds } = SIZES[options.quick ? 'quick' : 'full'];
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
    for (const count of counts) {
      options.progress(`recordings-window: writing ${count} recordings`);
      const folder = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
      folders.set(count, folder);
      await writeFile(join(folder, WATCH_FILE), WATCH_MODULE);
      await writeRecordings(join(folder, 'recordings'), count, options.seed);
    }
    const random = seededRandom(options.seed);
    const results = new Map<number, Round[]>(counts.map((count) => [count, []]));
    const loads: number[] = [];
    // The first start of each reads the files into the system's cache, and is not counted.
    for (let round = 0; round <= rounds; round++) {
      loads.push(loadavg()[0] ?? Number.NaN);
      options.progress(`recordings-window: round ${round} of ${rounds}, load ${show(loads.at(-1) ?? Number.NaN)}`);
      for (const count of shuffled(counts, random)) {
        const result = await measure(runtime.executable, folders.get(count) ?? '', count, env);
        if (round > 0) results.get(count)?.push(result);
      }
    }
    return report(results, loads);
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
    await resize(app, WINDOW);
    const still = await scrollFrames(page, 0, FRAMES);
    const wheel = await scrollFrames(page, WHEEL, FRAMES);
    const drag = await scrollFrames(page, DRAG, FRAMES);
    await page.reload();
    const { firstRow: reloaded } = await listTimes(page, count);
    await resize(app, NARROW);
    await page.reload();
    const fromClick = await openList(page);
    // The app restores the size at its next start.
    await resize(app, WINDOW);
    return {
      fromStart: first.origin + first.firstRow - started,
      fromPage: first.firstRow,
      fromPaint: first.firstRow - first.firstPaint,
      all: first.all,
      longestTask: first.longestTask,
      reloaded,
      fromClick,
      still,
      wheel,
      drag,
    };
  } finally {
    await app.close();
  }
}

async function resize(app: ElectronApplication, { width, height }: { width: number; height: number }): Promise<void> {
  await app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
    width,
    height,
  ] as [number, number]);
}

const p95 = (frames: readonly number[]) => summarise(frames).p95;

/** What is reported of each number of recordings, in ms: its name, its key in the figures, and how it is read. */
const ROWS: readonly [string, string, (round: Round) => number][] = [
  ['first row, from the start of the process', 'from_start_ms', ({ fromStart }) => fromStart],
  ['first row, from the opening of the page', 'from_page_ms', ({ fromPage }) => fromPage],
  ['first row, from the first paint of the page', 'from_paint_ms', ({ fromPaint }) => fromPaint],
  ['first row after a reload', 'reloaded_ms', ({ reloaded }) => reloaded],
  ['first row, from a click on the tab', 'from_click_ms', ({ fromClick }) => fromClick],
  ['all recordings in the list, from the opening', 'all_ms', ({ all }) => all],
  ['longest task of the page until then', 'longest_task_ms', ({ longestTask }) => longestTask],
  ['frames without scrolling, p95', 'still_p95_ms', ({ still }) => p95(still)],
  ['frames while a wheel scrolls, p95', 'wheel_p95_ms', ({ wheel }) => p95(wheel)],
  ['frames while the scroll bar is dragged, p95', 'drag_p95_ms', ({ drag }) => p95(drag)],
];

function report(results: ReadonlyMap<number, readonly Round[]>, loads: readonly number[]): Report {
  const counts = [...results.keys()];
  const many = Math.max(...counts);
  const figure = (count: number, name: string) => {
    const read = ROWS.find(([, key]) => key === name)?.[2] ?? (() => Number.NaN);
    return median((results.get(count) ?? []).map(read));
  };
  const ratio = (name: string) => figure(many, name) / figure(FEW, name);
  const shown = (count: number) => count.toLocaleString('en');
  return {
    bench: 'recordings-window',
    about: [
      `The desktop app with ${counts.map(shown).join(', ')} recordings, ${results.get(many)?.length} starts of each in random order; medians in ms.`,
      `Load of the machine (average of a minute) before each round: ${show(Math.min(...loads))} to ${show(Math.max(...loads))}.`,
      'First row: the paint with the first row of the list; without recordings, with the sentence that says so.',
      'Frames: times between animation frames.',
    ],
    tables: [
      {
        title: 'The list of recordings in the window',
        columns: ['', ...counts.map(shown), `${shown(many)} / ${FEW}`],
        rows: ROWS.map(([name, key]) => [
          name,
          ...counts.map((count) => show(figure(count, key))),
          show(Number(ratio(key).toFixed(2))),
        ]),
      },
    ],
    aims: [
      atMost('first row, many to few', ratio('from_page_ms'), 1.5),
      atMost('first row with many, from the opening', figure(many, 'from_page_ms'), 1_000, ' ms'),
      atMost('first row with many, from a click', figure(many, 'from_click_ms'), 1_000, ' ms'),
      atMost('wheel p95 to still', figure(many, 'wheel_p95_ms') / figure(many, 'still_p95_ms'), 1.5),
      atMost('drag p95 to still', figure(many, 'drag_p95_ms') / figure(many, 'still_p95_ms'), 2.5),
    ],
    failures: 0,
    figures: {
      loads,
      by_count: Object.fromEntries(
        counts.map((count) => [count, Object.fromEntries(ROWS.map(([, key]) => [key, figure(count, key)]))]),
      ),
    },
  };
}
