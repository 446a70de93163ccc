import { type Summary, seededRandom, shuffled, summarise } from '../../testing/stats.ts';
import { type Bundle, bundle } from '../bundle.ts';
import { startChild } from '../children.ts';
import { atMost, type BenchOptions, type Report, show } from '../report.ts';
import { CONTENDERS, type Contender, type Handshake, type ServerChild } from './child-api.ts';
import { CONNECT } from './clients.ts';

/** Concurrent connections in the two passes. */
const PASSES = [1, 10] as const;
/** Connections of each contender in a pass, without the warm-up: 10,000 in the two full passes. */
const CONNECTIONS = { full: 5_000, quick: 250 };
/** Consecutive connections of one contender. Blocks are short, so that a noisy second affects all contenders. */
const BLOCK = 25;
/** The first blocks are not measured, because code is slower in its first runs. */
const WARM_UP_BLOCKS = 8;

interface Tally {
  ms: number[];
  /** Length of the welcome; 0: unknown. */
  bytes: number;
  /** Number of connections whose first welcome was a retry. */
  retried: number;
  /** Error messages, including those of the warm-up. */
  failures: string[];
  /** CPU time (ms) of the server process, excluding the warm-up. */
  serverCpuMs: number;
}

interface Pass {
  concurrency: number;
  tallies: Record<Contender, Tally>;
  /** Number of Earshot's sessions that are still open after all clients have disconnected. */
  sessionsLeft: number;
}

/** Compares the time from opening a socket to receiving the welcome. */
export async function handshake(options: BenchOptions): Promise<Report> {
  const random = seededRandom(options.seed);
  const built = await bundle({ servers: new URL('./servers.ts', import.meta.url) });
  const passes: Pass[] = [];
  try {
    for (const concurrency of PASSES) passes.push(await runPass(concurrency, built, options, random));
  } finally {
    await built.remove();
  }

  const aims = passes.flatMap(({ concurrency, tallies }) => {
    const ratio = ratios(tallies);
    return [
      atMost(`p50 against the floor, ${concurrency} at once`, ratio.earshot.p50, 1.25, ' x'),
      atMost(`p99 against the floor, ${concurrency} at once`, ratio.earshot.p99, 1.5, ' x'),
    ];
  });
  const failures = passes.flatMap((pass) => pass.tallies.earshot.failures);
  const sessionsLeft = passes.reduce((sum, pass) => sum + pass.sessionsLeft, 0);
  const connections = passes.reduce((sum, pass) => sum + pass.tallies.earshot.ms.length, 0) + failures.length;
  aims.push(
    atMost(`failed connections of ${connections.toLocaleString('en')}`, failures.length, 0),
    atMost('sessions left on the server', sessionsLeft, 0),
  );
  return {
    bench: 'handshake',
    about: [
      `Time in ms from opening the socket to receiving the welcome; one process per server, blocks of ${BLOCK} in random order.`,
      'Server CPU in ms per connection, closing included.',
      ...[...new Set(failures)].map((failure) => `failed: ${failure}`),
    ],
    tables: passes.map(passTable),
    aims,
    failures: failures.length + sessionsLeft,
    figures: Object.fromEntries(
      passes.map(({ concurrency, tallies }) => [
        `concurrency_${concurrency}`,
        forEachContender((name) => ({
          ...summarise(tallies[name].ms),
          failed: tallies[name].failures.length,
          retried: tallies[name].retried,
          welcome_bytes: tallies[name].bytes,
          server_cpu_ms_each: tallies[name].serverCpuMs / tallies[name].ms.length,
          to_floor: ratios(tallies)[name],
        })),
      ]),
    ),
  };
}

async function runPass(concurrency: number, built: Bundle, options: BenchOptions, random: () => number): Promise<Pass> {
  const { quick, profileDir, progress } = options;
  const children = new Map<Contender, ServerChild>();
  try {
    const ports = new Map<Contender, number>();
    for (const name of CONTENDERS) {
      const args = [name, ...(concurrency > 1 ? ['concurrent'] : [])];
      const child: ServerChild = await startChild(built.file('servers'), args, profileDir);
      children.set(name, child);
      ports.set(name, await child.call('port'));
    }
    const tallies = forEachContender((): Tally => ({ ms: [], bytes: 0, retried: 0, failures: [], serverCpuMs: 0 }));
    const blocks = WARM_UP_BLOCKS + (quick ? CONNECTIONS.quick : CONNECTIONS.full) / BLOCK;
    for (let block = 0; block < blocks; block++) {
      if (block % 40 === 0) progress(`handshake, ${concurrency} at once: block ${block} of ${blocks}`);
      for (const name of shuffled(CONTENDERS, random)) {
        const tally = tallies[name];
        const handshakes = await connectBlock(name, ports.get(name) ?? 0, concurrency, tally.failures);
        const cpuMs = (await children.get(name)?.call('takeCpuMs')) ?? 0;
        if (block < WARM_UP_BLOCKS) continue;
        tally.serverCpuMs += cpuMs;
        for (const { ms, bytes, attempt } of handshakes) {
          tally.ms.push(ms);
          tally.bytes = bytes;
          if (attempt > 1) tally.retried += 1;
        }
      }
    }
    return { concurrency, tallies, sessionsLeft: (await children.get('earshot')?.call('sessionsLeft')) ?? 0 };
  } finally {
    await Promise.all([...children.values()].map((child) => child.stop()));
  }
}

/** Runs one block with `concurrency` clients. Each opens a new connection when its previous one is closed. */
async function connectBlock(
  name: Contender,
  port: number,
  concurrency: number,
  failures: string[],
): Promise<Handshake[]> {
  const done: Handshake[] = [];
  let left = BLOCK;
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      try {
        done.push(await CONNECT[name](port));
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  return done;
}

function ratios(tallies: Pass['tallies']): Record<Contender, Omit<Summary, 'n' | 'max'>> {
  const floor = summarise(tallies.floor.ms);
  return forEachContender((name) => {
    const { p50, p95, p99 } = summarise(tallies[name].ms);
    return { p50: p50 / floor.p50, p95: p95 / floor.p95, p99: p99 / floor.p99 };
  });
}

function passTable({ concurrency, tallies }: Pass): Report['tables'][number] {
  const ratio = ratios(tallies);
  return {
    title: concurrency === 1 ? 'One connection at a time' : `${concurrency} connections at once`,
    columns: [
      '',
      'n',
      'p50',
      'p95',
      'p99',
      'failed',
      'bytes',
      'p50 / floor',
      'p95 / floor',
      'p99 / floor',
      'server CPU',
    ],
    rows: CONTENDERS.map((name) => {
      const { n, p50, p95, p99 } = summarise(tallies[name].ms);
      const to = ratio[name];
      return [
        name,
        n.toLocaleString('en'),
        ...[p50, p95, p99].map(show),
        String(tallies[name].failures.length),
        tallies[name].bytes === 0 ? '' : String(tallies[name].bytes),
        ...[to.p50, to.p95, to.p99].map((value) => value.toFixed(2)),
        show(tallies[name].serverCpuMs / n),
      ];
    }),
  };
}

function forEachContender<Value>(make: (name: Contender) => Value): Record<Contender, Value> {
  return Object.fromEntries(CONTENDERS.map((name) => [name, make(name)])) as Record<Contender, Value>;
}
