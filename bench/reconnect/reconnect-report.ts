import { type Summary, summarise } from '../../testing/stats.ts';
import { type Aim, atMost, type Report, show } from '../report.ts';
import { type Contender, type Run, STALL_MS } from './contract.ts';
import { type Count, KINDS, type Kind, tally } from './tally.ts';

/** What one contender did in one way of restarting. */
interface Figures extends Count {
  restarts: number;
  /** Restarts after which nothing was heard any more. */
  never: number;
  /** ms until the server was heard again. */
  heard: Summary;
  /** ms until the server listened again: no client can be sooner. */
  up: Summary;
}

const TITLES: Record<Kind, string> = {
  graceful: 'Graceful: the server sends close frames and ends',
  abrupt: 'Abrupt: every socket is destroyed',
  stalled: `Stalled: the server hangs for ${STALL_MS} ms, then every socket is destroyed`,
};

/** The report of all runs; the aims are Earshot's. */
export function reconnectReport(runs: ReadonlyMap<Contender, Run>): Report {
  const figures = new Map([...runs].map(([name, run]) => [name, figuresOf(run)]));
  const totals = new Map(
    [...runs].map(([name, { sent, heard }]) => [name, tally(sent.frames, heard.numbers, heard.marks)]),
  );
  const own = runs.get('earshot');
  const ownFigures = figures.get('earshot');
  const ownTotal = totals.get('earshot');
  const never = KINDS.reduce((sum, kind) => sum + (ownFigures?.[kind].never ?? 0), 0);
  const [lost, doubled, disordered] = [ownTotal?.lost, ownTotal?.doubled, ownTotal?.disordered].map(orNaN);
  const damaged = orNaN(own?.heard.damaged);

  const aims: Aim[] = [
    ...KINDS.map((kind) =>
      atMost(`p95 until the server is heard again, ${kind}`, orNaN(ownFigures?.[kind].heard.p95), 300, ' ms'),
    ),
    atMost('restarts after which nothing was heard', never, 0),
    atMost(`frames missing in the recordings of ${orNaN(own?.sent.frames).toLocaleString('en')}`, orNaN(lost), 0),
    atMost('frames twice in the recordings', orNaN(doubled), 0),
    atMost('frames out of order in the recordings', orNaN(disordered), 0),
    atMost('frames in the recordings that differ from what was said', damaged, 0),
  ];
  const faults = [never, lost, doubled, disordered, damaged].map(orNaN);
  return {
    bench: 'reconnect',
    about: [
      'Time in ms from the moment the server begins to end its connections until it hears audio again, on the same port.',
      `Each client sends 50 frames a second all the while. Ratios are to Earshot's. Lost, doubled, disordered: frames.`,
    ],
    tables: [
      ...KINDS.map((kind) => kindTable(kind, figures)),
      {
        title: 'All of the run',
        columns: ['', 'frames', 'lost', 'doubled', 'disordered', 'dropped as copies', 'said to be lost'],
        rows: [...runs].map(([name, { sent, heard }]) => {
          const { lost, doubled, disordered } = totals.get(name) ?? { lost: NaN, doubled: NaN, disordered: NaN };
          return [
            name,
            ...[sent.frames, lost, doubled, disordered].map(show),
            heard.recordings === null ? '' : show(heard.recordings.wireDuplicates),
            sent.lostMs === null ? '' : `${show(sent.lostMs)} ms`,
          ];
        }),
      },
      ...(own?.heard.recordings
        ? [
            {
              title: "Earshot's recordings",
              columns: ['files', 'frames', 'of silence', 'damaged', 'resumed', 'welcomes sent again'],
              rows: [
                [
                  own.heard.recordings.files,
                  own.heard.numbers.length,
                  own.heard.recordings.silent,
                  own.heard.damaged,
                  own.heard.recordings.resumed,
                  own.heard.recordings.retries,
                ].map(show),
              ],
            },
          ]
        : []),
    ],
    aims,
    failures: faults.reduce((sum, fault) => sum + (Number.isNaN(fault) ? 1 : fault), 0),
    figures: Object.fromEntries(
      [...runs].map(([name, { sent, heard }]) => {
        const { by: _, ...total } = totals.get(name) ?? { by: null };
        const { damaged, recordings } = heard;
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

function figuresOf({ restarts, sent, heard }: Run): Record<Kind, Figures> {
  const { by } = tally(sent.frames, heard.numbers, heard.marks);
  const of = (kind: Kind): Figures => {
    const heardMs = restarts[kind].map((restart) => restart.heardMs).filter((ms) => ms !== null);
    return {
      restarts: restarts[kind].length,
      never: restarts[kind].length - heardMs.length,
      heard: summarise(heardMs),
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
    columns: ['', 'n', 'up, p50', 'p50', 'p95', 'max', 'p50 ratio', 'p95 ratio', 'lost', 'doubled', 'disordered'],
    rows: [...figures].map(([name, byKind]) => {
      const { restarts, up, heard, lost, doubled, disordered } = byKind[kind];
      return [
        name,
        show(restarts),
        ...[up.p50, heard.p50, heard.p95, heard.max].map(show),
        ...[heard.p50 / orNaN(own?.heard.p50), heard.p95 / orNaN(own?.heard.p95)].map((ratio) => ratio.toFixed(2)),
        ...[lost, doubled, disordered].map(show),
      ];
    }),
  };
}
