import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import { BROWSER_ARGS } from '../../testing/browser.ts';
import { startHost } from '../../testing/host-process.ts';
import { microphoneFlags } from '../../testing/microphone.ts';
import { seededRandom, shuffled } from '../../testing/stats.ts';
import { findBrowser } from '../../tools/browser/find.ts';
import { thisMachine } from '../../tools/browser/this-machine.ts';
import { APPS, type AppName, type BenchApps, prepareApps } from '../desktop/apps.ts';
import { startBareServer } from '../desktop/bare-tab.ts';
import { atMost, type BenchOptions, type Report, show } from '../report.ts';
import { measureUsage, type Usage } from './usage.ts';

/** How long each state is measured, in seconds. */
const SECONDS = { full: 120, quick: 10 };
/** Wait (ms) after a start and after the window was hidden, so that the work that follows does not count. */
const SETTLE_MS = 5_000;

/** In the desktop app, the window is shown or hidden; a tab is shown. */
const STATES = ['idle', 'idle, hidden', 'listening', 'listening, hidden', 'tab, idle', 'tab, listening'] as const;
type State = (typeof STATES)[number];
type Figures = Record<State, Record<AppName, Usage>>;

/** Compares the memory and the CPU use of Earshot with those of an app and a page that do nothing, or only capture. */
export async function footprint(options: BenchOptions): Promise<Report> {
  if (process.platform !== 'linux') throw new Error('The bench "footprint" reads /proc, which only Linux has.');
  const seconds = SECONDS[options.quick ? 'quick' : 'full'];
  const random = seededRandom(options.seed);
  const apps = await prepareApps('footprint', options);
  const figures = Object.fromEntries(STATES.map((state) => [state, {}])) as Figures;
  const note = (name: AppName, state: State, usage: Usage) => {
    figures[state][name] = usage;
    options.progress(`footprint: ${name}, ${state}: ${show(usage.cpu)} % CPU, ${show(usage.pssMiB)} MiB`);
  };
  try {
    for (const listen of [false, true]) {
      for (const name of shuffled(APPS, random)) {
        const [shown, hidden] = await measureApp(apps, name, listen, seconds);
        note(name, listen ? 'listening' : 'idle', shown);
        note(name, listen ? 'listening, hidden' : 'idle, hidden', hidden);
      }
    }
    for (const name of shuffled(APPS, random)) {
      const [idle, listening] = await measureTab(await apps.newFolder(), name, seconds, options.progress);
      note(name, 'tab, idle', idle);
      note(name, 'tab, listening', listening);
    }
  } finally {
    await apps.stop();
  }
  return report(figures, seconds);
}

/** @returns what it uses while its window is shown, and while it is hidden */
async function measureApp(apps: BenchApps, name: AppName, listen: boolean, seconds: number): Promise<[Usage, Usage]> {
  return apps.run(
    name,
    await apps.newFolder(),
    async ({ pid, hide }) => {
      await sleep(SETTLE_MS);
      const shown = await measureUsage([pid], seconds);
      hide();
      await sleep(SETTLE_MS);
      return [shown, await measureUsage([pid], seconds)];
    },
    { listen },
  );
}

/** @returns what browser and host use while the page is idle, and while it listens */
async function measureTab(
  dataDir: string,
  name: AppName,
  seconds: number,
  progress: (text: string) => void,
): Promise<[Usage, Usage]> {
  const executablePath = await findBrowser({ ...thisMachine(), print: progress });
  const host = name === 'earshot' ? await startHost(dataDir) : await startBareServer();
  try {
    const args = [...BROWSER_ARGS, ...microphoneFlags('beeps', 'allowed')];
    const server = await chromium.launchServer({ executablePath, args });
    try {
      const browser = await chromium.connect(server.wsEndpoint());
      const page = await browser.newPage({ viewport: { width: 960, height: 720 } });
      await page.goto(host.url);
      const mic = page.getByTestId('mic-button');
      await mic.waitFor();
      await sleep(SETTLE_MS);
      const pids = [server.process().pid ?? 0, host.pid];
      const idle = await measureUsage(pids, seconds);
      await mic.click();
      await page.locator('[data-view="listening"]').waitFor({ state: 'attached' });
      await sleep(SETTLE_MS);
      return [idle, await measureUsage(pids, seconds)];
    } finally {
      await server.close();
    }
  } finally {
    await host.stop();
  }
}

function report(figures: Figures, seconds: number): Report {
  const ratio = (state: State, of: keyof Usage) => figures[state].earshot[of] / figures[state].bare[of];
  return {
    bench: 'footprint',
    about: [
      `Each state over ${seconds} s: CPU time of all processes in percent of one core, their memory as PSS at the end.`,
      'Idle is compared with an app with one button, listening with a page that captures, sends and draws nothing.',
    ],
    tables: [
      {
        title: 'All processes of Earshot and of the other app, in the same Electron and the same browser',
        columns: ['', 'CPU %', 'other', 'ratio', 'MiB', 'other', 'ratio'],
        rows: STATES.map((state) => {
          const { earshot, bare } = figures[state];
          return [
            state,
            ...[earshot.cpu, bare.cpu, ratio(state, 'cpu')].map(show),
            ...[earshot.pssMiB, bare.pssMiB, ratio(state, 'pssMiB')].map(show),
          ];
        }),
      },
    ],
    aims: [
      atMost('memory / bare, idle', ratio('idle', 'pssMiB'), 1.1),
      atMost('CPU / bare, idle', ratio('idle', 'cpu'), 1.5),
      atMost('CPU / bare, idle in a tab', ratio('tab, idle', 'cpu'), 1.5),
      atMost('CPU / bare, listening', ratio('listening', 'cpu'), 1.3),
      atMost('CPU / bare, listening, hidden', ratio('listening, hidden', 'cpu'), 1.3),
      atMost('CPU / bare, listening in a tab', ratio('tab, listening', 'cpu'), 1.3),
    ],
    failures: 0,
    figures: { by_state: figures },
  };
}
