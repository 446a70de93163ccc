import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_LOG_BATCH } from '../../shared/bridge.ts';
import { seededRandom, shuffled, summarise } from '../../testing/stats.ts';
import { prepareElectron } from '../../tools/electron/prepare.ts';
import { build } from '../../tools/launch/build.ts';
import { buildIsStale } from '../../tools/test-runner/build-freshness.ts';
import { ROOT } from '../../tools/test-runner/run-tool.ts';
import { type Aim, atMost, type BenchOptions, type Report, show } from '../report.ts';
import { eventAt, RARE_WORD } from './events.ts';
import { ACTIONS, type Action, type Frames, heldLines, measureFrames, usedHeap } from './page-load.ts';
import { desktopShell, type OpenShell, type Shell, tabShell } from './shells.ts';

const SIZES = {
  full: { events: 100_000, rounds: 3, frames: 300 },
  quick: { events: 100_000, rounds: 1, frames: 150 },
};
/** Events a second while frames are measured. */
const RATE = 200;
/** Events a second until the panel is full: what the host accepts of windows. */
const FILL_RATE = 1_900;
/** How often events are sent, in ms. */
const SEND_EVERY_MS = 50;
/** Time limit (ms) for the panel to hold all events. */
const FILL_LIMIT_MS = 180_000;
const AIMS = { frameMs: 20, taskMs: 50, heapMb: 60 };

type Measured = Record<Action, Frames>;

interface Result {
  measured: Measured;
  heapMb: { page: number; empty: number };
  events: number;
}

/**
 * Measures the window's frames, tasks and memory with a full log, while 200 events a second arrive, beside an empty page
 * in the same browser: in the desktop app and in a browser tab.
 */
export async function logPanel(options: BenchOptions): Promise<Report> {
  if (buildIsStale()) {
    options.progress('log-panel: building the app');
    await build(ROOT);
  }
  const electron = await prepareElectron(options.progress);
  const loads = [loadavg()[0] ?? Number.NaN];
  try {
    const env = { ...process.env, ...electron.env };
    const results = new Map<string, Result>();
    for (const [name, open] of [
      ['desktop', desktopShell(env)],
      ['tab', tabShell],
    ] as const) {
      results.set(name, await measureShell(name, open, options));
      loads.push(loadavg()[0] ?? Number.NaN);
    }
    return report(results, loads);
  } finally {
    await electron.stop();
  }
}

async function measureShell(name: string, open: OpenShell, options: BenchOptions): Promise<Result> {
  const { events, rounds, frames } = SIZES[options.quick ? 'quick' : 'full'];
  const shell = await open(options.progress);
  try {
    await openPanel(shell);
    options.progress(`log-panel: ${name}: ${show(events)} events`);
    const sender = createSender(shell);
    await sender.fill(events);
    const measured = Object.fromEntries(
      ['nothing', ...ACTIONS].map((action) => [action, { frames: [], longTasks: [] }]),
    ) as unknown as Measured;
    const random = seededRandom(options.seed);
    for (let round = 1; round <= rounds; round++) {
      options.progress(`log-panel: ${name}: round ${round} of ${rounds}`);
      for (const action of shuffled(['nothing', ...ACTIONS] as Action[], random)) {
        const page = action === 'nothing' ? shell.empty : shell.page;
        await shell.show(page);
        const stop = action === 'nothing' ? async () => undefined : sender.start();
        const { frames: times, longTasks } = await measureFrames(page, action, frames, RARE_WORD);
        await stop();
        measured[action].frames.push(...times);
        measured[action].longTasks.push(...longTasks);
      }
    }
    const [page, empty] = [await usedHeap(shell.page), await usedHeap(shell.empty)];
    return { measured, heapMb: { page: page / 2 ** 20, empty: empty / 2 ** 20 }, events };
  } finally {
    await shell.close();
  }
}

async function openPanel({ page }: Shell): Promise<void> {
  await page.getByTestId('mic-button').waitFor();
  const list = page.locator('.log-list');
  if ((await list.count()) === 0) await page.getByTestId('log-fold').click();
  await list.waitFor();
  // Everything, so that no line is left out.
  const everything = page.getByTestId('log-everything');
  if ((await everything.count()) > 0) await everything.click();
}

/** Sends events at a rate, and notices if the host or the page falls behind. */
function createSender(shell: Shell) {
  let sent = 0;

  async function run(rate: number, isDone: () => boolean): Promise<void> {
    const from = performance.now();
    const before = sent;
    while (!isDone()) {
      const due = Math.floor(((performance.now() - from) / 1000) * rate) - (sent - before);
      const count = Math.min(Math.max(due, 0), MAX_LOG_BATCH);
      if (count > 0) await shell.append(Array.from({ length: count }, () => eventAt(sent++)));
      await sleep(SEND_EVERY_MS);
    }
  }

  return {
    async fill(events: number): Promise<void> {
      const until = performance.now() + FILL_LIMIT_MS;
      let held = 0;
      // The host drops events of a burst, so more are sent until there are enough.
      while (held < events) {
        if (performance.now() > until) throw new Error(`the panel shows ${held} of ${events} events`);
        const goal = sent + Math.max(events - held, MAX_LOG_BATCH);
        await run(FILL_RATE, () => sent >= goal);
        await sleep(1_000);
        held = await heldLines(shell.page);
      }
    },
    /** @returns stops it */
    start(): () => Promise<void> {
      let stopped = false;
      const running = run(RATE, () => stopped);
      return async () => {
        stopped = true;
        await running;
      };
    },
  };
}

const NAMES: Record<Action, string> = {
  nothing: 'empty page',
  follow: 'following new lines',
  scroll: 'scrolling by a wheel',
  drag: 'dragging the scroll bar',
  filter: 'changing the level',
  search: 'typing a search',
};

function report(results: ReadonlyMap<string, Result>, loads: readonly number[]): Report {
  const [first] = results.values();
  const aims: Aim[] = [];
  const tables = [...results].map(([name, { measured, heapMb }]) => ({
    title: `${name}: frames and tasks in ms; heap ${show(heapMb.page)} MB, of the empty page ${show(heapMb.empty)} MB`,
    columns: ['', 'p50', 'p95', 'max', 'tasks over 50 ms', 'longest'],
    rows: (Object.keys(NAMES) as Action[]).map((action) => {
      const { frames, longTasks } = measured[action];
      const { p50, p95, max } = summarise(frames);
      return [NAMES[action], show(p50), show(p95), show(max), show(longTasks.length), show(longest(longTasks))];
    }),
  }));
  for (const [name, { measured, heapMb }] of results) {
    for (const action of ACTIONS) {
      const { frames, longTasks } = measured[action];
      aims.push(atMost(`${name}, ${NAMES[action]}: frame p95`, summarise(frames).p95, AIMS.frameMs, ' ms'));
      aims.push(atMost(`${name}, ${NAMES[action]}: longest task`, longest(longTasks), AIMS.taskMs, ' ms'));
    }
    aims.push(atMost(`${name}: heap above the empty page`, heapMb.page - heapMb.empty, AIMS.heapMb, ' MB'));
  }
  return {
    bench: 'log-panel',
    about: [
      `The window with ${show(first?.events ?? 0)} log events, while ${RATE} a second arrive, beside an empty page of the same browser.`,
      `Load of the machine (average of a minute): ${loads.map((load) => show(load)).join(', ')}.`,
      'Frames: times between animation frames. Longest: 0 if no task was over 50 ms.',
    ],
    tables,
    aims,
    failures: 0,
    figures: {
      loads,
      shells: Object.fromEntries(
        [...results].map(([name, { measured, heapMb }]) => [
          name,
          {
            heap_mb: heapMb,
            actions: Object.fromEntries(
              Object.entries(measured).map(([action, { frames, longTasks }]) => {
                const { p50, p95, max } = summarise(frames);
                return [action, { p50, p95, max, long_tasks: longTasks.length, longest_task: longest(longTasks) }];
              }),
            ),
          },
        ]),
      ),
    },
  };
}

function longest(tasks: readonly number[]): number {
  return Math.max(0, ...tasks);
}
