import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createRecordings } from '../../main/recordings/recordings.ts';
import { median as medianOf } from '../../testing/stats.ts';
import { atMost, type BenchOptions, type Report, show } from '../report.ts';
import { inBatches, writeRecordings } from './write-recordings.ts';

const RECORDINGS = 10_000;
const QUICK_RECORDINGS = 2_000;
const PAGE = 100;

interface Round {
  bare: number;
  coldPage: number;
  coldAll: number;
  /** A new index with the list that an earlier one kept. */
  keptPage: number;
  keptAll: number;
  warmPage: number;
  warmAll: number;
  /** The longest time (ms) that the event loop was blocked while the index was built. */
  blocked: number;
}

/**
 * The time to the list of recordings beside a bare `readdir` and `readFile` of the same JSON files in the same process.
 * The files are in the system's cache for both.
 */
export async function recordingsList({ quick, seed, progress }: BenchOptions): Promise<Report> {
  const count = quick ? QUICK_RECORDINGS : RECORDINGS;
  const home = await mkdtemp(join(tmpdir(), 'earshot-bench-list-'));
  const dir = join(home, 'recordings');
  try {
    progress(`recordings-list: writing ${count} recordings`);
    await writeRecordings(dir, count, seed);
    await readBare(dir);
    const rounds: Round[] = [];
    for (let round = 1; round <= (quick ? 3 : 7); round++) {
      progress(`recordings-list: round ${round}`);
      rounds.push(await measure(dir, count, round % 2 === 0));
    }
    return report(rounds, count);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function measure(dir: string, count: number, bareFirst: boolean): Promise<Round> {
  await rm(join(dir, '../cache'), { recursive: true, force: true });
  const bareEarly = bareFirst ? await timed(() => readBare(dir)) : Number.NaN;
  const recordings = createRecordings({ dir });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const coldPage = await timed(() => recordings.page({ limit: PAGE }));
  const pages = await timed(() => readPages(recordings, count));
  delay.disable();
  const warmPage = await timed(() => recordings.page({ limit: PAGE }));
  const warmAll = await timed(() => readPages(recordings, count));
  await recordings.close();
  const next = createRecordings({ dir });
  const keptPage = await timed(() => next.page({ limit: PAGE }));
  const keptRest = await timed(() => readPages(next, count));
  await next.close();
  const bare = bareFirst ? bareEarly : await timed(() => readBare(dir));
  const blocked = delay.max / 1e6;
  return {
    bare,
    coldPage,
    coldAll: coldPage + pages,
    keptPage,
    keptAll: keptPage + keptRest,
    warmPage,
    warmAll,
    blocked,
  };
}

async function readPages(recordings: ReturnType<typeof createRecordings>, count: number): Promise<void> {
  const seen = new Set<string>();
  for (let after: string | null | undefined; after !== null; ) {
    const page = await recordings.page({ limit: 500, ...(after === undefined ? {} : { after }) });
    for (const { id } of page.recordings) seen.add(id);
    after = page.next;
  }
  if (seen.size !== count) throw new Error(`the list has ${seen.size} of ${count} recordings`);
}

async function readBare(dir: string): Promise<void> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.json'));
  await inBatches(names, async (name) => void (await readFile(join(dir, name), 'utf8')));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function report(rounds: readonly Round[], count: number): Report {
  const median = (of: (round: Round) => number) => medianOf(rounds.map(of));
  const figures = {
    bare_ms: median(({ bare }) => bare),
    cold_page_ms: median(({ coldPage }) => coldPage),
    cold_all_ms: median(({ coldAll }) => coldAll),
    kept_page_ms: median(({ keptPage }) => keptPage),
    kept_all_ms: median(({ keptAll }) => keptAll),
    warm_page_ms: median(({ warmPage }) => warmPage),
    warm_all_ms: median(({ warmAll }) => warmAll),
    blocked_ms: median(({ blocked }) => blocked),
    cold_page_ratio: median(({ coldPage, bare }) => coldPage / bare),
    cold_all_ratio: median(({ coldAll, bare }) => coldAll / bare),
    kept_page_ratio: median(({ keptPage, bare }) => keptPage / bare),
    kept_all_ratio: median(({ keptAll, bare }) => keptAll / bare),
    warm_page_ratio: median(({ warmPage, bare }) => warmPage / bare),
    warm_all_ratio: median(({ warmAll, bare }) => warmAll / bare),
  };
  const row = (name: string, ms: number, ratio: number) => [name, show(ms), show(ratio)];
  return {
    bench: 'recordings-list',
    about: [
      `${count} recordings, ${rounds.length} rounds; medians. The bare reader only reads the JSON files.`,
      `While the index is built, the event loop is blocked for at most ${show(figures.blocked_ms)} ms.`,
    ],
    tables: [
      {
        title: 'Time to the list',
        columns: ['', 'ms', 'times bare'],
        rows: [
          row('bare readdir and readFile of every JSON', figures.bare_ms, 1),
          row(`first page of ${PAGE}, cold`, figures.cold_page_ms, figures.cold_page_ratio),
          row('every page, cold', figures.cold_all_ms, figures.cold_all_ratio),
          row(`first page of ${PAGE}, kept list`, figures.kept_page_ms, figures.kept_page_ratio),
          row('every page, kept list', figures.kept_all_ms, figures.kept_all_ratio),
          row(`first page of ${PAGE}, warm`, figures.warm_page_ms, figures.warm_page_ratio),
          row('every page, warm', figures.warm_all_ms, figures.warm_all_ratio),
        ],
      },
    ],
    aims: [
      atMost('first page, cold, to bare', figures.cold_page_ratio, 0.25),
      atMost('every page, cold, to bare', figures.cold_all_ratio, 4),
      atMost('every page, kept list, to bare', figures.kept_all_ratio, 1),
      atMost('first page, warm, to bare', figures.warm_page_ratio, 0.1),
    ],
    failures: 0,
    figures,
  };
}
