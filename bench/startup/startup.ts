import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { electronRuntime } from '../../testing/electron.ts';
import { treeUsage } from '../../testing/process-tree.ts';
import { type Summary, seededRandom, shuffled, summarise } from '../../testing/stats.ts';
import { prepareElectron } from '../../tools/electron/prepare.ts';
import { build } from '../../tools/launch/build.ts';
import { buildIsStale } from '../../tools/test-runner/build-freshness.ts';
import { ROOT } from '../../tools/test-runner/run-tool.ts';
import { atMost, type BenchOptions, type Report, show } from '../report.ts';
import { startApp } from './started-app.ts';

/** The apps to compare. `bare` has one empty window and runs in the same Electron. */
const APPS = ['earshot', 'bare'] as const;
type AppName = (typeof APPS)[number];
const FOLDERS: Record<AppName, string> = { earshot: ROOT, bare: join(import.meta.dirname, 'bare-app') };

const SIZES = {
  full: { starts: 15, rounds: 3, idleS: 40 },
  quick: { starts: 3, rounds: 1, idleS: 10 },
};
/** Wait (ms) after a start, so that work that follows the start does not count as idle cost. */
const SETTLE_MS = 5_000;

interface Idle {
  /** Percent of one core. */
  cpu: Summary;
  pssMiB: Summary;
}

/** Compares start time and idle cost of the desktop app with those of an Electron app that does nothing. */
export async function desktop(options: BenchOptions): Promise<Report> {
  const { starts, rounds, idleS } = SIZES[options.quick ? 'quick' : 'full'];
  if (buildIsStale()) {
    options.progress('desktop: building the app');
    await build(ROOT);
  }
  const electron = await prepareElectron(options.progress);
  try {
    const env = { ...process.env, ...electron.env };
    const runtime = electronRuntime(env);
    if ('missing' in runtime) throw new Error(`The bench "desktop" needs Electron. ${runtime.missing}`);
    const random = seededRandom(options.seed);
    const withApp = async <Result>(name: AppName, use: (app: { pid: number; readyMs: number }) => Promise<Result>) => {
      const folder = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
      const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      const args = [...sandbox, `--user-data-dir=${join(folder, 'profile')}`, FOLDERS[name]];
      try {
        const app = await startApp(runtime.executable, args, { ...env, EARSHOT_DATA_DIR: join(folder, 'data') });
        try {
          return await use(app);
        } finally {
          await app.stop();
        }
      } finally {
        await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      }
    };

    const startMs: Record<AppName, number[]> = { earshot: [], bare: [] };
    for (let round = 0; round < starts; round++) {
      options.progress(`desktop: start ${round + 1} of ${starts}`);
      for (const name of shuffled(APPS, random)) {
        startMs[name].push(await withApp(name, async ({ readyMs }) => readyMs));
      }
    }
    const idle: Record<AppName, { cpu: number[]; pssMiB: number[] }> = {
      earshot: { cpu: [], pssMiB: [] },
      bare: { cpu: [], pssMiB: [] },
    };
    for (let round = 0; round < rounds && process.platform === 'linux'; round++) {
      options.progress(`desktop: idle, round ${round + 1} of ${rounds}`);
      for (const name of shuffled(APPS, random)) {
        const { cpu, pssMiB } = await withApp(name, ({ pid }) => measureIdle(pid, idleS));
        idle[name].cpu.push(cpu);
        idle[name].pssMiB.push(pssMiB);
      }
    }
    return report(
      { earshot: summarise(startMs.earshot), bare: summarise(startMs.bare) },
      {
        earshot: { cpu: summarise(idle.earshot.cpu), pssMiB: summarise(idle.earshot.pssMiB) },
        bare: { cpu: summarise(idle.bare.cpu), pssMiB: summarise(idle.bare.pssMiB) },
      },
      idleS,
    );
  } finally {
    await electron.stop();
  }
}

async function measureIdle(pid: number, seconds: number): Promise<{ cpu: number; pssMiB: number }> {
  await sleep(SETTLE_MS);
  const before = treeUsage(pid);
  const started = performance.now();
  await sleep(seconds * 1_000);
  const after = treeUsage(pid);
  return {
    cpu: (100 * (after.cpuMs - before.cpuMs)) / (performance.now() - started),
    pssMiB: after.pssBytes / 1024 / 1024,
  };
}

function report(start: Record<AppName, Summary>, idle: Record<AppName, Idle>, idleS: number): Report {
  const rows = APPS.map((name) => [
    name,
    ...[start[name].n, start[name].p50, start[name].p95].map(show),
    ...[idle[name].cpu.p50, idle[name].pssMiB.p50].map(show),
  ]);
  const ratio = (of: (name: AppName) => number) => show(of('earshot') / of('bare'));
  return {
    bench: 'desktop',
    about: [
      'Start: ms from spawning the process to its line that the window shows its page.',
      `Idle: over ${idleS} s, each time after a new start; CPU of all processes in percent of one core, memory as PSS. Linux only.`,
    ],
    tables: [
      {
        title: 'The desktop app and an app with one empty window, in the same Electron',
        columns: ['', 'n', 'start p50', 'p95', 'idle CPU %', 'PSS MiB'],
        rows: [
          ...rows,
          [
            'ratio',
            '',
            ratio((name) => start[name].p50),
            ratio((name) => start[name].p95),
            ratio((name) => idle[name].cpu.p50),
            ratio((name) => idle[name].pssMiB.p50),
          ],
        ],
      },
    ],
    aims: [
      atMost('start p50 / bare', start.earshot.p50 / start.bare.p50, 1.3),
      atMost('idle CPU / bare', idle.earshot.cpu.p50 / idle.bare.cpu.p50, 1.5),
      atMost('PSS / bare', idle.earshot.pssMiB.p50 / idle.bare.pssMiB.p50, 1.1),
    ],
    failures: 0,
    figures: { start, idle },
  };
}
