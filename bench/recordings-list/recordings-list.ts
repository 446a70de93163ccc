import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { infoText } from '../../main/recordings/list-recordings.ts';
import { createRecordings } from '../../main/recordings/recordings.ts';
import { encodeWavHeader } from '../../shared/wav-header.ts';
import { median as medianOf, seededRandom } from '../../testing/stats.ts';
import { atMost, type BenchOptions, type Report, show } from '../report.ts';

const RECORDINGS = 10_000;
const QUICK_RECORDINGS = 2_000;
const PAGE = 100;
/** Files that the bare reader and the setup have open at a time, as many as the host. */
const PARALLEL = 32;

interface Round {
  bare: number;
  coldPage: number;
  coldAll: number;
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
  const dir = await mkdtemp(join(tmpdir(), 'earshot-bench-list-'));
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
    await rm(dir, { recursive: true, force: true });
  }
}

async function measure(dir: string, count: number, bareFirst: boolean): Promise<Round> {
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
  const bare = bareFirst ? bareEarly : await timed(() => readBare(dir));
  return { bare, coldPage, coldAll: coldPage + pages, warmPage, warmAll, blocked: delay.max / 1e6 };
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

async function writeRecordings(dir: string, count: number, seed: number): Promise<void> {
  const random = seededRandom(seed);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const wav = new Uint8Array(44 + 320);
  wav.set(encodeWavHeader(320));
  await inBatches(Array.from({ length: count }), async (_, i) => {
    const started_at = new Date(Date.UTC(2026, 0, 1) + i * 600_000).toISOString();
    const id = `${started_at.replace(/[:.]/g, '-')}_k3J9xQ2a_t1`;
    const info = {
      id,
      session_id: 'k3J9xQ2aB7c1d2e3f4g5h6',
      user_id: 'me',
      turn: 1,
      started_at,
      duration_s: 0.01,
      gaps: random() < 0.1 ? [{ at_s: 0, seconds: 0.005 }] : [],
      microphone: [{ at_s: 0, label: 'Built-in Audio Analog Stereo', status: 'ok', instead_of: null }],
      peak_dbfs: -6.02,
      rms_dbfs: -21.4,
      complete: true,
    };
    await writeFile(join(dir, `${id}.wav`), wav, { mode: 0o600 });
    await writeFile(join(dir, `${id}.json`), infoText(info), { mode: 0o600 });
  });
}

async function inBatches<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += PARALLEL)
    await Promise.all(items.slice(from, from + PARALLEL).map((item, i) => work(item, from + i)));
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
    warm_page_ms: median(({ warmPage }) => warmPage),
    warm_all_ms: median(({ warmAll }) => warmAll),
    blocked_ms: median(({ blocked }) => blocked),
    cold_page_ratio: median(({ coldPage, bare }) => coldPage / bare),
    cold_all_ratio: median(({ coldAll, bare }) => coldAll / bare),
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
          row(`first page of ${PAGE}, warm`, figures.warm_page_ms, figures.warm_page_ratio),
          row('every page, warm', figures.warm_all_ms, figures.warm_all_ratio),
        ],
      },
    ],
    aims: [
      atMost('first page, cold, to bare', figures.cold_page_ratio, 0.25),
      atMost('every page, cold, to bare', figures.cold_all_ratio, 4),
      atMost('first page, warm, to bare', figures.warm_page_ratio, 0.1),
    ],
    failures: 0,
    figures,
  };
}
