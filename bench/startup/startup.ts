import { type Summary, seededRandom, shuffled, summarise } from '../../testing/stats.ts';
import { APPS, type AppName, prepareApps } from '../desktop/apps.ts';
import { atMost, type BenchOptions, type Report, show } from '../report.ts';

const STARTS = { full: 15, quick: 3 };

/** `new`: a new profile and data folder for each start. `kept`: those of an earlier start, as on most days. */
const PROFILES = ['new', 'kept'] as const;
type Profile = (typeof PROFILES)[number];
const CASES = PROFILES.flatMap((profile) => APPS.map((name) => ({ profile, name })));

/** The two moments that are measured, in ms from spawning the process. */
const MOMENTS = ['readyMs', 'paintedMs'] as const;
type Moment = (typeof MOMENTS)[number];
type Times<Value> = Record<Profile, Record<AppName, Record<Moment, Value>>>;

/** Compares how soon the desktop app and an Electron app with one button show their window. */
export async function startup(options: BenchOptions): Promise<Report> {
  const starts = STARTS[options.quick ? 'quick' : 'full'];
  const apps = await prepareApps('startup', options);
  try {
    const kept: Record<AppName, string> = { earshot: await apps.newFolder(), bare: await apps.newFolder() };
    // The second start of a profile is the first that may use what Chromium has kept of the first.
    for (const name of APPS) for (let i = 0; i < 2; i++) await apps.run(name, kept[name], async () => {});
    const times = allTimes<number[]>(() => []);
    const random = seededRandom(options.seed);
    for (let round = 0; round < starts; round++) {
      options.progress(`startup: start ${round + 1} of ${starts}`);
      for (const { profile, name } of shuffled(CASES, random)) {
        const folder = profile === 'new' ? await apps.newFolder() : kept[name];
        await apps.run(name, folder, async (app) => {
          for (const moment of MOMENTS) times[profile][name][moment].push(app[moment]);
        });
      }
    }
    return report(allTimes((profile, name, moment) => summarise(times[profile][name][moment])));
  } finally {
    await apps.stop();
  }
}

function allTimes<Value>(value: (profile: Profile, name: AppName, moment: Moment) => Value): Times<Value> {
  const from = <Key extends string, Part>(keys: readonly Key[], part: (key: Key) => Part) =>
    Object.fromEntries(keys.map((key) => [key, part(key)])) as Record<Key, Part>;
  return from(PROFILES, (profile) => from(APPS, (name) => from(MOMENTS, (moment) => value(profile, name, moment))));
}

function report(times: Times<Summary>): Report {
  const ratio = (profile: Profile, moment: Moment, of: 'p50' | 'p95') =>
    times[profile].earshot[moment][of] / times[profile].bare[moment][of];
  return {
    bench: 'startup',
    about: [
      'Times in ms from spawning the process. Shown: its line that the window is shown. Painted: the first paint of any',
      'content in the page. The other app has one window with one button, in the same Electron.',
    ],
    tables: PROFILES.map((profile) => ({
      title: profile === 'new' ? 'The first start in a new profile' : 'Later starts in a kept profile',
      columns: ['', 'n', 'shown p50', 'p95', 'painted p50', 'p95'],
      rows: [
        ...APPS.map((name) => {
          const { readyMs, paintedMs } = times[profile][name];
          return [name, ...[readyMs.n, readyMs.p50, readyMs.p95, paintedMs.p50, paintedMs.p95].map(show)];
        }),
        [
          'ratio',
          '',
          ...MOMENTS.flatMap((moment) => [show(ratio(profile, moment, 'p50')), show(ratio(profile, moment, 'p95'))]),
        ],
      ],
    })),
    aims: [
      atMost('shown p50 / bare, kept profile', ratio('kept', 'readyMs', 'p50'), 1.3),
      atMost('shown p50 / bare, new profile', ratio('new', 'readyMs', 'p50'), 1.3),
      atMost('painted p50 / bare, kept profile', ratio('kept', 'paintedMs', 'p50'), 1.3),
    ],
    failures: 0,
    figures: { times },
  };
}
