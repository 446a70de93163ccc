import { setTimeout as sleep } from 'node:timers/promises';
import { FRAME_MS } from '../../shared/audio-format.ts';
import { bundle } from '../bundle.ts';
import { startChild } from '../children.ts';
import { atLeast, atMost, type BenchOptions, type Report, show } from '../report.ts';
import type { ClientChild, ServerChild } from './child-api.ts';

/** Length of the turn, in minutes of audio. */
const MINUTES = { full: 60, quick: 6 };
/** Times real time. */
const SPEED = 20;
/** The part of the run at its start in which caches and buffers may still grow. */
const WARM_UP = 0.25;

/** Heap (bytes, after a garbage collection) after so many minutes of audio. */
interface Sample {
  minute: number;
  client: number;
  server: number;
}

/** Sends one long turn through client, server and disk: does anything grow, and is every frame recorded? */
export async function long(options: BenchOptions): Promise<Report> {
  const minutes = MINUTES[options.quick ? 'quick' : 'full'];
  const built = await bundle({
    server: new URL('./server.ts', import.meta.url),
    client: new URL('./client.ts', import.meta.url),
    'window-client': new URL('../../renderer/voice/client.ts', import.meta.url),
  });
  const server: ServerChild = await startChild(built.file('server'), [], options.profileDir);
  const client: ClientChild = await startChild(built.file('client'), [built.file('window-client')], options.profileDir);
  try {
    await client.call('begin', await server.call('port'), SPEED);
    const began = performance.now();
    const samples: Sample[] = [];
    for (let minute = 1; minute <= minutes; minute++) {
      await sleep(Math.max(0, began + (minute * 60_000) / SPEED - performance.now()));
      samples.push({ minute, client: await client.call('heap'), server: await server.call('heap') });
      if (minute % 10 === 0) options.progress(`long: ${minute} of ${minutes} minutes of audio`);
    }
    const { ticks, ms, lostMs } = await client.call('end');
    const captured = ticks * SPEED;
    return report(minutes, samples, {
      captured,
      recorded: await server.call('finish'),
      lostMs,
      driftMs: ticks * FRAME_MS - ms,
    });
  } finally {
    await client.stop();
    await server.stop();
    await built.remove();
  }
}

interface Audio {
  captured: number;
  recorded: number;
  lostMs: number;
  /** How far the captured frames are ahead of the clock, in ms of real time. */
  driftMs: number;
}

/** The slope of the least-squares line through points. */
function slope(points: ReadonlyArray<readonly [x: number, y: number]>): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return above / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

function report(minutes: number, samples: readonly Sample[], audio: Audio): Report {
  const later = samples.filter(({ minute }) => minute > minutes * WARM_UP);
  const kib = (bytes: number) => bytes / 1024;
  const slopeOf = (of: 'client' | 'server') => kib(slope(later.map((sample) => [sample.minute, sample[of]])));
  const slopes = { client: slopeOf('client'), server: slopeOf('server') };
  const lost = audio.captured - audio.recorded;
  return {
    bench: 'long',
    about: [
      `One turn of ${minutes} minutes of audio at ${SPEED} times real time, from the window's client to a recording on disk.`,
      `Slope: growth of the heap, after a garbage collection, per minute of audio, without the first ${WARM_UP * 100} %.`,
    ],
    tables: [
      {
        title: 'Heap',
        columns: ['', 'KiB at first', 'KiB at last', 'slope KiB a minute'],
        rows: (['client', 'server'] as const).map((name) => [
          name,
          show(Math.round(kib(samples[0]?.[name] ?? Number.NaN))),
          show(Math.round(kib(samples.at(-1)?.[name] ?? Number.NaN))),
          show(slopes[name]),
        ]),
      },
      {
        title: 'Audio',
        columns: ['frames captured', 'recorded', 'lost', 'captured ahead of the clock, ms'],
        rows: [[show(audio.captured), show(audio.recorded), show(lost), show(audio.driftMs)]],
      },
    ],
    aims: [
      atMost('client, slope', slopes.client, 1, ' KiB a minute'),
      atMost('server, slope', slopes.server, 1, ' KiB a minute'),
      atMost('frames lost', Math.abs(lost) + audio.lostMs / FRAME_MS, 0),
      atMost('captured frames and the clock differ', Math.abs(audio.driftMs), FRAME_MS, ' ms'),
      atLeast('frames recorded', audio.recorded, minutes * 60 * 50),
    ],
    failures: Math.abs(lost),
    figures: { samples, slopes, audio },
  };
}
