import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { tone } from '../testing/audio/tone.ts';
import { readRepairedRecordings } from '../testing/data-dir.ts';
import { isRunning } from './support/processes.ts';
import { type App, expect, test } from './support/test.ts';

test.skip(process.platform === 'win32', 'Windows has no FIFOs');

/** The size of Node's thread pool, which performs all file operations. */
const ALL_THREADS = 4;

/**
 * Blocks threads of the app's pool, as a network share does whose server is gone. Each thread opens a FIFO for reading,
 * which blocks until a writer opens it. The app itself never does that, so the test runs this code in the app's
 * process.
 */
async function blockThreads(app: App, count: number): Promise<void> {
  const fifo = join(app.dataDir, 'fifo');
  execFileSync('mkfifo', [fifo]);
  await app.electron().evaluate(
    (_electron, [fifo, count]) => {
      const fs = process.mainModule?.require('node:fs') as typeof import('node:fs');
      for (let i = 0; i < Number(count); i++) fs.open(String(fifo), 'r', () => {});
    },
    [fifo, count],
  );
}

const click = (electron: ElectronApplication, label: string) =>
  electron.evaluate(({ Menu }, label) => {
    const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? [];
    items.find((item) => item.label === label)?.click();
  }, label);

const QUIT_METHODS: Record<string, (app: App) => Promise<unknown>> = {
  'the menu item': (app) => click(app.electron(), '&Quit'),
  'closing the window': (app) =>
    app.electron().evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()),
  SIGTERM: async (app) => process.kill(app.host().pid, 'SIGTERM'),
  SIGINT: async (app) => process.kill(app.host().pid, 'SIGINT'),
};

for (const [title, quit] of Object.entries(QUIT_METHODS)) {
  test(`H71 quit by ${title} with one thread blocked on the disk: the app exits and has written its files`, async ({
    app,
  }) => {
    app.allowErrors(/^stderr: earshot: The disk does not answer\./);
    await app.open();
    await blockThreads(app, 1);
    const processes = app
      .desktop()
      .processes()
      .map(({ pid }) => pid);
    // Bounds are saved after 0.5 s, so a quit before that has to save them.
    await app.electron().evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      return new Promise<void>((resolve) => {
        window?.once('resize', () => resolve());
        window?.setSize(777, 555);
      });
    });
    // The app may exit before it answers Playwright.
    await quit(app).catch(() => undefined);
    expect(await app.desktop().exited, 'ended by SIGKILL').toBe(null);
    await expect.poll(() => processes.filter(isRunning), { message: 'processes left' }).toEqual([]);
    expect(app.log().map(({ event }) => event)).toContain('APP_STOPPING');
    expect(JSON.parse(readFileSync(join(app.dataDir, 'window.json'), 'utf8'))).toMatchObject({ width: 777 });
    expect(readdirSync(app.dataDir).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });
}

test('H71 quit with all threads blocked on the disk: the app names the unfinished recording, and the next start repairs it', async ({
  app,
}) => {
  app.allowErrors(/^stderr: earshot: /);
  const earshot = await app.open({ microphone: app.microphone('tone', tone({ frequency: 997, seconds: 60 })) });
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(3);
  await blockThreads(app, ALL_THREADS);
  process.kill(app.host().pid, 'SIGTERM');
  expect(await app.desktop().exited, 'ended by SIGKILL').toBe(null);
  const [name] = readdirSync(join(app.dataDir, 'recordings')).filter((entry) => entry.endsWith('.wav'));
  expect(app.host().errors()).toContain(`Not finished: ${name?.replace('.wav', '')}. The next start repairs`);

  rmSync(join(app.dataDir, 'fifo'));
  await app.open();
  await expect.poll(() => readRepairedRecordings(app.dataDir).length, { message: 'repaired' }).toBe(1);
});

test('H71 an app whose exit is blocked after all of its own timeouts is killed by the watchdog', async ({ app }) => {
  app.allowErrors(/^stderr: earshot: /);
  await app.open();
  const fifo = join(app.dataDir, 'fifo');
  execFileSync('mkfifo', [fifo]);
  await app.electron().evaluate(({ app }, fifo) => {
    const fs = process.mainModule?.require('node:fs') as typeof import('node:fs');
    app.once('quit', () => fs.openSync(fifo, 'r'));
  }, fifo);
  process.kill(app.host().pid, 'SIGTERM');
  expect(await app.desktop().exited, 'ended by SIGKILL').toBe(null);
  await expect.poll(() => app.host().errors()).toContain('was killed');
});
