import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import { footprint } from './footprint/footprint.ts';
import { handshake } from './handshake/handshake.ts';
import { ingest } from './ingest/ingest.ts';
import { logPanel } from './log-panel/log-panel.ts';
import { long } from './long/long.ts';
import { press } from './press/press.ts';
import { reconnect } from './reconnect/reconnect.ts';
import { recordingsList } from './recordings-list/recordings-list.ts';
import { recordingsWindow } from './recordings-window/recordings-window.ts';
import { type BenchOptions, type Report, reportText } from './report.ts';
import { resampler } from './resampler/resampler.ts';
import { startup } from './startup/startup.ts';
import { warm } from './warm/warm.ts';

const BENCHES: Record<string, (options: BenchOptions) => Promise<Report>> = {
  handshake,
  ingest,
  reconnect,
  warm,
  startup,
  press,
  footprint,
  long,
  resampler,
  'recordings-list': recordingsList,
  'recordings-window': recordingsWindow,
  'log-panel': logPanel,
};

const USAGE = `Usage: npm run bench [-- handshake|ingest|reconnect|warm|startup|press|footprint|long|resampler|recordings-list|recordings-window|log-panel] [--quick] [--json] [--seed <n>] [--profile <folder>]`;

/** Runs the benches in sequence. Exit code 1: a connection of Earshot failed or a frame was lost; 2: bad arguments. */
async function main(): Promise<number> {
  let parsed: ReturnType<typeof readArgs>;
  try {
    parsed = readArgs();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    return 2;
  }
  const { names, json, ...options } = parsed;
  if (options.profileDir) mkdirSync(options.profileDir, { recursive: true });

  const machine = {
    node: process.version,
    cpus: cpus().length,
    model: cpus()[0]?.model.trim() ?? '',
    platform: process.platform,
  };
  const loadBefore = loadavg()[0] ?? 0;
  if (!json) {
    console.log(
      `Node ${machine.node}, ${machine.cpus} × ${machine.model}, load ${loadBefore.toFixed(2)}, seed ${options.seed}`,
    );
  }
  const reports: Report[] = [];
  for (const name of names) {
    const report = await BENCHES[name]?.(options);
    if (!report) continue;
    reports.push(report);
    if (!json) console.log(`\n${reportText(report)}`);
  }
  if (json) {
    // Without the tables: these are for display.
    const results = reports.map(({ bench, aims, failures, figures }) => ({ bench, aims, failures, figures }));
    console.log(
      JSON.stringify({ machine, load_before: loadBefore, seed: options.seed, quick: options.quick, results }, null, 2),
    );
  }
  return reports.some((report) => report.failures > 0) ? 1 : 0;
}

function readArgs(): BenchOptions & { names: string[]; json: boolean } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      seed: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  const unknown = positionals.find((name) => !Object.hasOwn(BENCHES, name));
  if (unknown !== undefined) throw new Error(`There is no bench named ${unknown}.`);
  const seed = values.seed === undefined ? randomInt(2 ** 32) : Number(values.seed);
  if (!Number.isInteger(seed) || seed < 0) throw new Error('--seed takes a whole number from 0 up.');
  return {
    names: positionals.length > 0 ? positionals : Object.keys(BENCHES),
    json: values.json,
    quick: values.quick,
    seed,
    profileDir: values.profile ?? null,
    // To stderr: stdout is for the result.
    progress: (text) => console.error(text),
  };
}

process.exitCode = await main();
