import { FRAME_MS, FRAMES_PER_SECOND } from '../../shared/audio-format.ts';
import { median, seededRandom, shuffled } from '../../testing/stats.ts';
import { type Bundle, bundle } from '../bundle.ts';
import { startChild } from '../children.ts';
import { type Aim, atLeast, atMost, type BenchOptions, type Report, show } from '../report.ts';
import {
  type ClientsChild,
  CONTENDERS,
  type Contender,
  type Flood,
  type Pace,
  type ReceivedFrames,
  SEGMENT_FRAMES,
  type ServerChild,
} from './child-api.ts';

/** Flood: minutes of audio (2,500 frames are 50 s) on a few connections, as fast as the server reads. */
const FLOOD = { connections: 4, turns: 4, frames: 2_500, rounds: { full: 12, quick: 3 } };
/** Paced: the sessions of a hundred windows, in real time. */
const PACE = { sessions: 100, rounds: { full: 2, quick: 1 }, seconds: { full: 20, quick: 5 } };

interface Pair {
  server: ServerChild;
  clients: ClientsChild;
  port: number;
}
type Pairs = Record<Contender, Pair>;
type FloodRound = Record<Contender, Flood & ReceivedFrames>;
type PaceRound = Record<Contender, Pace & ReceivedFrames>;

/** Compares throughput and latency of Earshot's server with those of servers that do less. */
export async function ingest(options: BenchOptions): Promise<Report> {
  const random = seededRandom(options.seed);
  const size = options.quick ? 'quick' : 'full';
  const built = await bundle({
    servers: new URL('./servers.ts', import.meta.url),
    clients: new URL('./clients.ts', import.meta.url),
  });
  let pairs: Pairs | null = null;
  try {
    const started = await startPairs(built, options.profileDir);
    pairs = started;
    const floods: FloodRound[] = [];
    for (let round = -1; round < FLOOD.rounds[size]; round++) {
      options.progress(round < 0 ? 'ingest: warm-up' : `ingest: flood ${round + 1} of ${FLOOD.rounds[size]}`);
      const result = await runAll(random, (name) => floodOnce(started[name]));
      if (round >= 0) floods.push(result);
    }
    const paces: PaceRound[] = [];
    for (let round = 0; round < PACE.rounds[size]; round++) {
      options.progress(`ingest: ${PACE.sessions} sessions, ${round + 1} of ${PACE.rounds[size]}`);
      paces.push(await runAll(random, (name) => paceOnce(started[name], PACE.seconds[size])));
    }
    return report(floods, paces, PACE.seconds[size]);
  } finally {
    await Promise.all(Object.values(pairs ?? {}).flatMap(({ server, clients }) => [clients.stop(), server.stop()]));
    await built.remove();
  }
}

async function startPairs(built: Bundle, profileDir: string | null): Promise<Pairs> {
  const start = async (name: Contender): Promise<Pair> => {
    const server: ServerChild = await startChild(built.file('servers'), [name], profileDir);
    const clients: ClientsChild = await startChild(built.file('clients'), [name]);
    return { server, clients, port: await server.call('port') };
  };
  const pairs: Partial<Pairs> = {};
  for (const name of CONTENDERS) pairs[name] = await start(name);
  return pairs as Pairs;
}

/** Runs every contender once, in random order. */
async function runAll<Result>(random: () => number, run: (name: Contender) => Promise<Result>) {
  const results: Partial<Record<Contender, Result>> = {};
  for (const name of shuffled(CONTENDERS, random)) results[name] = await run(name);
  return results as Record<Contender, Result>;
}

async function floodOnce({ server, clients, port }: Pair): Promise<Flood & ReceivedFrames> {
  await server.call('takeReceived', false);
  const flood = await clients.call('flood', port, FLOOD.connections, FLOOD.turns, FLOOD.frames);
  return { ...flood, ...(await server.call('takeReceived', false)) };
}

async function paceOnce({ server, clients, port }: Pair, seconds: number): Promise<Pace & ReceivedFrames> {
  await server.call('takeReceived', true);
  const pace = await clients.call('pace', port, PACE.sessions, seconds);
  return { ...pace, ...(await server.call('takeReceived', false)) };
}

function report(floods: FloodRound[], paces: PaceRound[], seconds: number): Report {
  const rounds = [...floods, ...paces];
  const total = (name: Contender, what: 'sent' | 'frames' | 'recorded' | 'failedRecordings') =>
    rounds.reduce((sum, round) => sum + round[name][what], 0);
  const lost = total('earshot', 'sent') - total('earshot', 'frames');
  const unrecorded = total('earshot', 'sent') - total('earshot', 'recorded');
  const failedRecordings = total('earshot', 'failedRecordings');

  const flood = forEachContender((name) => floodFigures(floods, name));
  // Ratios per round: a round's two runs are in the same minute, so other programs affect both.
  const ratioTo = (name: Contender, of = rate) => median(floods.map((round) => of(round.earshot) / of(round[name])));
  const pace = forEachContender((name) => paceFigures(paces, name));

  const aims: Aim[] = [
    atLeast('flood against the bare server', ratioTo('bare'), 0.5, ' x'),
    atLeast('flood against ws that writes a WAV, to disk', ratioTo('ws, wav', rateToDisk), 1, ' x'),
    atLeast('flood against Socket.IO, which only counts', ratioTo('socket.io'), 1, ' x'),
    atMost(`p99 of a frame's latency, ${PACE.sessions} sessions`, pace.earshot.latency.p99, 5, ' ms'),
    atMost(`lost frames of ${total('earshot', 'sent').toLocaleString('en')}`, lost, 0),
    atMost('frames missing from the recordings', unrecorded, 0),
    atMost('failed recordings', failedRecordings, 0),
  ];
  const share = (value: number) => `${Math.round(value * 100)} %`;
  return {
    bench: 'ingest',
    about: [
      `Flood: ${FLOOD.connections} connections, ${FLOOD.turns} turns of ${FLOOD.frames} frames each, ${floods.length} rounds; medians of the rounds. Sessions: the same rate as a number of sessions in real time.`,
      `Paced: ${PACE.sessions} sessions, 50 frames a second each, ${paces.length} rounds of ${seconds} s; the worst round.`,
      `Calm p99: the median of the p99s of segments of ${show(SEGMENT_FRAMES)} frames.`,
    ],
    tables: [
      {
        title: 'Flood',
        columns: ['', 'frames/s', 'sessions', 'to disk', 'CPU us/frame', 'server busy', 'clients busy'],
        rows: [
          ...CONTENDERS.map((name) => {
            const { rate, rateToDisk, cpuUs, serverBusy, clientsBusy } = flood[name];
            return [
              name,
              ...[rate, Math.floor(rate / FRAMES_PER_SECOND), rateToDisk, cpuUs].map(show),
              ...[serverBusy, clientsBusy].map(share),
            ];
          }),
          ...CONTENDERS.filter((name) => name !== 'earshot').map((name) => [
            `earshot / ${name}`,
            ratioTo(name).toFixed(2),
            '',
            ratioTo(name, rateToDisk).toFixed(2),
            (flood.earshot.cpuUs / flood[name].cpuUs).toFixed(2),
            '',
            '',
          ]),
        ],
      },
      {
        title: 'Latency of a frame in ms, from sending it until the server has processed it',
        columns: ['', 'frames', 'lost', 'p50', 'p95', 'p99', 'max', 'calm p99', 'server busy', 'sent late, p99'],
        rows: CONTENDERS.map((name) => {
          const { sent, lost, latency, serverBusy, lateP99 } = pace[name];
          const { p50, p95, p99, max, calmP99 } = latency;
          return [
            name,
            show(sent),
            show(lost),
            ...[p50, p95, p99, max, calmP99].map(show),
            share(serverBusy),
            show(lateP99),
          ];
        }),
      },
    ],
    aims,
    failures: lost + unrecorded + failedRecordings,
    figures: {
      flood: { ...flood, ratio: ratioTo('bare'), ratio_to_disk: ratioTo('bare', rateToDisk) },
      pace,
    },
  };
}

function forEachContender<Figures>(figures: (name: Contender) => Figures): Record<Contender, Figures> {
  return Object.fromEntries(CONTENDERS.map((name) => [name, figures(name)])) as Record<Contender, Figures>;
}

/** Frames per second until the server has acknowledged the end of every turn. */
const rate = ({ frames, ms }: Flood & ReceivedFrames): number => frames / (ms / 1000);
/** Frames per second until every recording is closed as well. */
const rateToDisk = ({ frames, ms, settleMs }: Flood & ReceivedFrames): number => frames / ((ms + settleMs) / 1000);

function floodFigures(rounds: FloodRound[], name: Contender) {
  const medianOf = (figure: (round: Flood & ReceivedFrames) => number) =>
    median(rounds.map((round) => figure(round[name])));
  return {
    rate: medianOf(rate),
    rateToDisk: medianOf(rateToDisk),
    cpuUs: medianOf(({ serverCpuMs, frames }) => (serverCpuMs * 1000) / frames),
    serverBusy: medianOf(({ serverCpuMs, ms, settleMs }) => serverCpuMs / (ms + settleMs)),
    clientsBusy: medianOf(({ clientCpuMs, ms }) => clientCpuMs / ms),
  };
}

function paceFigures(rounds: PaceRound[], name: Contender) {
  const mine = rounds.map((round) => round[name]);
  const worst = (figure: (round: Pace & ReceivedFrames) => number) => Math.max(...mine.map(figure));
  const latency = (key: keyof NonNullable<ReceivedFrames['latency']>) =>
    worst((round) => round.latency?.[key] ?? Number.NaN);
  return {
    sent: mine.reduce((sum, { sent }) => sum + sent, 0),
    lost: mine.reduce((sum, { sent, frames }) => sum + sent - frames, 0),
    latency: {
      p50: latency('p50'),
      p95: latency('p95'),
      p99: latency('p99'),
      max: latency('max'),
      calmP99: latency('calmP99'),
    },
    serverBusy: worst(({ serverCpuMs, sent }) => serverCpuMs / ((sent / PACE.sessions) * FRAME_MS)),
    lateP99: worst(({ late }) => late.p99),
  };
}
