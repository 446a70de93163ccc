import { setTimeout as sleep } from 'node:timers/promises';
import { FRAME_MS } from '../../shared/audio-format.ts';
import { seededRandom, shuffled } from '../../testing/stats.ts';
import { type Bundle, bundle } from '../bundle.ts';
import { startChild } from '../children.ts';
import type { BenchOptions, Report } from '../report.ts';
import { type ClientChild, CONTENDERS, type Contender, type Run, type ServerChild } from './child-api.ts';
import { reconnectReport } from './reconnect-report.ts';
import { KINDS } from './tally.ts';

/**
 * Each round restarts every server once in each of three ways: 42 restarts of each server in a full run, 6 in a quick
 * one.
 */
const ROUNDS = { full: 14, quick: 2 };
/**
 * Minimum time (ms) between two restarts of a server. Every client resets its backoff after it has been connected for
 * 5 s; with more frequent restarts its delays would grow.
 */
const MIN_CONNECTED_MS = 5_500;

interface Pair {
  server: ServerChild;
  client: ClientChild;
  /** Time of the client's last connect, on the monotonic clock of this process in ms. */
  connectedAt: number;
}

/** Compares how soon a server receives audio again after a restart, and how many frames are lost. */
export async function reconnect(options: BenchOptions): Promise<Report> {
  const random = seededRandom(options.seed);
  const rounds = ROUNDS[options.quick ? 'quick' : 'full'];
  const built = await bundle({
    servers: new URL('./servers.ts', import.meta.url),
    clients: new URL('./clients.ts', import.meta.url),
    'window-client': new URL('../../renderer/voice/client.ts', import.meta.url),
  });
  const pairs = new Map<Contender, Pair>();
  try {
    for (const name of CONTENDERS) pairs.set(name, await startPair(name, built, options.profileDir));
    const runs = await runAll(pairs, rounds, random, options.progress);
    return reconnectReport(runs);
  } finally {
    await Promise.all([...pairs.values()].flatMap(({ client, server }) => [client.stop(), server.stop()]));
    await built.remove();
  }
}

async function startPair(name: Contender, built: Bundle, profileDir: string | null): Promise<Pair> {
  const server: ServerChild = await startChild(built.file('servers'), [name], profileDir);
  const client: ClientChild = await startChild(built.file('clients'), [name, built.file('window-client')]);
  await client.call('begin', await server.call('ports'));
  return { server, client, connectedAt: performance.now() };
}

async function runAll(
  pairs: Map<Contender, Pair>,
  rounds: number,
  random: () => number,
  progress: BenchOptions['progress'],
): Promise<Map<Contender, Run>> {
  const restarts = new Map<Contender, Run['restarts']>();
  for (const name of pairs.keys()) restarts.set(name, { graceful: [], abrupt: [], stalled: [] });
  for (let round = 0; round < rounds; round++) {
    progress(`reconnect: round ${round + 1} of ${rounds}`);
    // Restart all servers in one way before the next way, so that each client stays connected for a while.
    for (const kind of shuffled(KINDS, random)) {
      for (const name of shuffled([...pairs.keys()], random)) {
        const pair = pairs.get(name);
        if (!pair) continue;
        // Restart at a random moment between two frames.
        await sleep(Math.max(pair.connectedAt + MIN_CONNECTED_MS - performance.now(), 0) + random() * FRAME_MS);
        restarts.get(name)?.[kind].push(await pair.server.call('restart', kind));
        pair.connectedAt = performance.now();
      }
    }
  }
  progress('reconnect: reading the recordings');
  const runs = new Map<Contender, Run>();
  for (const [name, { client, server, connectedAt }] of pairs) {
    await sleep(Math.max(connectedAt + MIN_CONNECTED_MS - performance.now(), 0));
    const sent = await client.call('end');
    const received = await server.call('finish');
    runs.set(name, { restarts: restarts.get(name) ?? { graceful: [], abrupt: [], stalled: [] }, sent, received });
  }
  return runs;
}
