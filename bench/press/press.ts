import { type Summary, seededRandom, shuffled, summarise } from '../../testing/stats.ts';
import { APPS, type AppName, prepareApps } from '../desktop/apps.ts';
import { atMost, type BenchOptions, type Report, show } from '../report.ts';
import { openDesktop, openTabs, type PressInWindow, type PressTimes } from './windows.ts';

/** Each round opens a window of each kind: a full run has 12 first presses and 60 later ones, a quick run 2 and 10. */
const ROUNDS = { full: 12, quick: 2 };
/** Presses after the first, in each window. */
const LATER_PRESSES = 5;

const SHELLS = ['desktop app', 'tab'] as const;
const PRESSES = ['first', 'later'] as const;
const STEPS = ['firstFrame', 'listening'] as const satisfies (keyof PressTimes)[];
type Shell = (typeof SHELLS)[number];
type Press = (typeof PRESSES)[number];

/** Compares how soon a press leads to audio at the server with a page that does only that. */
export async function press(options: BenchOptions): Promise<Report> {
  const rounds = ROUNDS[options.quick ? 'quick' : 'full'];
  const random = seededRandom(options.seed);
  const times = new Map<string, PressTimes[]>();
  const add = (shell: Shell, name: AppName, [first, ...later]: PressTimes[]) => {
    const all = (which: Press, more: PressTimes[]) =>
      times.set(keyOf(shell, name, which), [...(times.get(keyOf(shell, name, which)) ?? []), ...more]);
    all('first', first ? [first] : []);
    all('later', later);
  };
  const apps = await prepareApps('press', options);
  try {
    const tabs = await openTabs(options.progress);
    try {
      const shells: Record<Shell, PressInWindow> = { 'desktop app': openDesktop(apps), tab: tabs.press };
      for (let round = 0; round < rounds; round++) {
        options.progress(`press: round ${round + 1} of ${rounds}`);
        for (const shell of SHELLS) {
          for (const name of shuffled(APPS, random)) {
            add(shell, name, await shells[shell](name, 1 + LATER_PRESSES, random));
          }
        }
      }
    } finally {
      await tabs.stop();
    }
  } finally {
    await apps.stop();
  }
  return report((shell, name, which, step) =>
    summarise((times.get(keyOf(shell, name, which)) ?? []).map((press) => press[step])),
  );
}

const keyOf = (shell: Shell, name: AppName, which: Press) => `${shell}, ${name}, ${which}`;

function report(summary: (shell: Shell, name: AppName, which: Press, step: (typeof STEPS)[number]) => Summary): Report {
  const ratio = (shell: Shell, which: Press, step: (typeof STEPS)[number], of: 'p50' | 'p95') =>
    summary(shell, 'earshot', which, step)[of] / summary(shell, 'bare', which, step)[of];
  return {
    bench: 'press',
    about: [
      'Times in ms since the pointer was pressed. First frame: sent to the server. Listening: the server has said so, after',
      'sound had arrived. Bare: a page with getUserMedia, an audio worklet and a socket, opened at the same time.',
    ],
    tables: SHELLS.map((shell) => ({
      title: `Presses in the ${shell}`,
      columns: ['', 'n', 'first frame p50', 'p95', 'listening p50', 'p95'],
      rows: PRESSES.flatMap((which) => [
        ...APPS.map((name) => [
          `${which}, ${name}`,
          show(summary(shell, name, which, 'listening').n),
          ...STEPS.flatMap((step) => {
            const { p50, p95 } = summary(shell, name, which, step);
            return [show(p50), show(p95)];
          }),
        ]),
        [
          `${which}, ratio`,
          '',
          ...STEPS.flatMap((step) => [show(ratio(shell, which, step, 'p50')), show(ratio(shell, which, step, 'p95'))]),
        ],
      ]),
    })),
    aims: SHELLS.flatMap((shell) =>
      PRESSES.flatMap((which) => [
        atMost(`${shell}, ${which} press, first frame / bare`, ratio(shell, which, 'firstFrame', 'p50'), 1.15),
        atMost(`${shell}, ${which} press, listening / bare`, ratio(shell, which, 'listening', 'p50'), 1.15),
      ]),
    ),
    failures: 0,
    figures: Object.fromEntries(
      SHELLS.map((shell) => [
        shell,
        Object.fromEntries(
          APPS.map((name) => [
            name,
            Object.fromEntries(
              PRESSES.map((which) => [
                which,
                Object.fromEntries(STEPS.map((step) => [step, summary(shell, name, which, step)])),
              ]),
            ),
          ]),
        ),
      ]),
    ),
  };
}
