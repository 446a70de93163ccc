import { type Summary, summarise } from '../../testing/stats.ts';
import { type Aim, atMost, type Report, show } from '../report.ts';
import { type Contender, type Run, STALL_MS } from './child-api.ts';
import { type Count, KINDS, type Kind, tally } from './tally.ts';

/** The results of one contender with one kind of restart. */
interface Figures extends Count {
  restarts: number;
  /** Number of restarts after which no frame arrived. */
  neverRecovered: number;
  /** Time (ms) until the server received audio again. */
  recovery: Summary;
  /** Time (ms) until the server listened again: the minimum for any client. */
  up: Summary;
}

const TITLES: Record<Kind, string> = {
  graceful: 'Graceful: the server sends close frames and ends',
  abrupt: 'Abrupt: every socket is destroyed',
  stalled: `Stalled: the server hangs for ${STALL_MS} ms, then every socket is destroyed`,
};

/** Makes the report of all contenders. Only Earshot has aims. */
export function reconnectReport(runs: ReadonlyMap<Contender, Run>): Report {
  const figures = new Map([...runs].map(([name, run]) => [name, figuresOf(run)]));
  const totals = new Map(
    [...runs].map(([name, { sent, received }]) => [name, tally(sent.frames, received.numbers, received.restarts)]),
  );
  const own = runs.get('earshot');
  const ownFigures = figures.get('earshot');
  const ownTotal = totals.get('earshot');
  const neverRecovered = KINDS.reduce((sum, kind) => sum + (ownFigures?.[kind].neverRecovered ?? 0), 0);
  const [lost, duplicates, outOfOrder] = [ownTotal?.lost, ownTotal?.duplicates, ownTotal?.outOfOrder].map(orNaN);
  const damaged = orNaN(own?.received.damaged);

  const aims: Aim[] = [
    ...KINDS.map((kind) =>
      atMost(`p95 until the server receives audio again, ${kind}`, orNaN(ownFigures?.[kind].recovery.p95), 300, ' ms'),
    ),
    atMost('restarts after which no frame arrived', neverRecovered, 0),
    atMost(`frames missing from the recordings, of ${orNaN(own?.sent.frames).toLocaleString('en')}`, orNaN(lost), 0),
    atMost('duplicate frames in the recordings', orNaN(duplicates), 0),
    atMost('frames out of order in the recordings', orNaN(outOfOrder), 0),
    atMost('frames in the recordings that differ from what was sent', damaged, 0),
  ];
  const faults = [neverRecovered, lost, duplicates, outOfOrder, damaged].map(orNaN);
  return {
    bench: 'reconnect',
    about: [
      'Time in ms from the moment the server begins to end its connections until it receives audio again, on the same port.',
      `Each client sends 50 frames a second throughout. Ratios are to Earshot's. Lost, duplicate, out of order: frames.`,
    ],
    tables: [
      ...KINDS.map((kind) => kindTable(kind, figures)),
      {
        title: 'The whole run',
        columns: ['', 'frames', 'lost', 'duplicate', 'out of order', 'duplicates dropped', 'reported as lost'],
        rows: [...runs].map(([name, { sent, received }]) => {
          const { lost, duplicates, outOfOrder } = totals.get(name) ?? { lost: NaN, duplicates: NaN, outOfOrder: NaN };
          return [
            name,
            ...[sent.frames, lost, duplicates, outOfOrder].map(show),
            received.recordings === null ? '' : show(received.recordings.wireDuplicates),
            sent.lostMs === null ? '' : `${show(sent.lostMs)} ms`,
          ];
        }),
      },
      ...(own?.received.recordings
        ? [
            {
              title: "Earshot's recordings",
              columns: ['files', 'frames', 'of silence', 'damaged', 'sessions resumed', 'welcomes repeated'],
              rows: [
                [
                  own.received.recordings.files,
                  own.received.numbers.length,
                  own.received.recordings.silent,
                  own.received.damaged,
                  own.received.recordings.resumed,
                  own.received.recordings.retries,
                ].map(show),
              ],
            },
          ]
        : []),
    ],
    aims,
    failures: faults.reduce((sum, fault) => sum + (Number.isNaN(fault) ? 1 : fault), 0),
    figures: Object.fromEntries(
      [...runs].map(([name, { sent, received }]) => {
        const { by: _, ...total } = totals.get(name) ?? { by: null };
        const { damaged, recordings } = received;
        return [
          name,
          { sent: sent.frames, said_lost_ms: sent.lostMs, ...total, damaged, recordings, ...figures.get(name) },
        ];
      }),
    ),
  };
}

function orNaN(value: number | undefined): number {
  return value ?? Number.NaN;
}

function figuresOf({ restarts, sent, received }: Run): Record<Kind, Figures> {
  const { by } = tally(sent.frames, received.numbers, received.restarts);
  const of = (kind: Kind): Figures => {
    const recoveryMs = restarts[kind].map((restart) => restart.recoveryMs).filter((ms) => ms !== null);
    return {
      restarts: restarts[kind].length,
      neverRecovered: restarts[kind].length - recoveryMs.length,
      recovery: summarise(recoveryMs),
      up: summarise(restarts[kind].map(({ upMs }) => upMs)),
      ...by[kind],
    };
  };
  return { graceful: of('graceful'), abrupt: of('abrupt'), stalled: of('stalled') };
}

function kindTable(kind: Kind, figures: ReadonlyMap<Contender, Record<Kind, Figures>>): Report['tables'][number] {
  const own = figures.get('earshot')?.[kind];
  return {
    title: TITLES[kind],
    columns: ['', 'n', 'up, p50', 'p50', 'p95', 'max', 'p50 ratio', 'p95 ratio', 'lost', 'duplicate', 'out of order'],
    rows: [...figures].map(([name, byKind]) => {
      const { restarts, up, recovery, lost, duplicates, outOfOrder } = byKind[kind];
      return [
        name,
        show(restarts),
        ...[up.p50, recovery.p50, recovery.p95, recovery.max].map(show),
        ...[recovery.p50 / orNaN(own?.recovery.p50), recovery.p95 / orNaN(own?.recovery.p95)].map((ratio) =>
          ratio.toFixed(2),
        ),
        ...[lost, duplicates, outOfOrder].map(show),
      ];
    }),
  };
}
