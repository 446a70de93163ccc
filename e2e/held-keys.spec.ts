import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, expect, test } from '@playwright/test';
import { readLog } from './support/data-dir.ts';
import { type Display, launchOn, missingPrograms, startDisplay } from './support/display.ts';
import { electronRuntime } from './support/electron.ts';

// Keys that are held down on a real keyboard of X11: the X server repeats them, 25 times a second after 0.66 s.

let dataDir: string;
let display: Display;
let app: ElectronApplication | undefined;

test.beforeEach(async () => {
  const runtime = electronRuntime({ ...process.env, DISPLAY: ':0' });
  const missing = 'missing' in runtime ? runtime.missing : missingPrograms(['Xvfb', 'xprop', 'xdotool', 'openbox']);
  test.skip(missing !== null, missing ?? '');
  dataDir = mkdtempSync(join(tmpdir(), 'earshot-held-'));
  writeFileSync(join(dataDir, 'settings.json'), JSON.stringify({ shortcut: 'F8' }));
  display = await startDisplay('openbox');
});
test.afterEach(async () => {
  await app?.close().catch(() => {});
  app = undefined;
  await display?.end();
  if (dataDir) rmSync(dataDir, { recursive: true, force: true });
});

async function launch(): Promise<void> {
  app = await launchOn(display, dataDir);
  await expect((await app.firstWindow()).locator('[data-view="idle"]')).toBeVisible();
  const id = display.run('xdotool', ['search', '--sync', '--onlyvisible', '--name', '^Earshot$']).split('\n')[0] ?? '';
  display.run('xdotool', ['windowactivate', '--sync', id]);
}
/** Long enough for six repeats. */
const hold = (...keys: string[]) =>
  void display.run('xdotool', [
    ...keys.flatMap((key) => ['keydown', key]),
    ...['sleep', '0.9'],
    ...keys.toReversed().flatMap((key) => ['keyup', key]),
  ]);
/** As soon as a finger can after it has let a key go. */
const press = (keys: string) => void display.run('xdotool', ['sleep', '0.3', 'key', keys]);

test('H61 the global shortcut held down presses the mic once, and again only when it is pressed again', async () => {
  await launch();
  const presses = () => readLog(dataDir).filter(({ event }) => event === 'PRESS').length;
  hold('F8');
  await expect.poll(presses).toBe(1);
  press('F8');
  await expect.poll(presses).toBe(2);
  hold('F8');
  await expect.poll(presses).toBe(3);
  // Whatever of the last hold was still on its way is before this.
  press('F8');
  await expect.poll(presses).toBe(4);
});

test('H61 keys of the menu held down do once what they do, although the next window gets the repeats', async () => {
  await launch();
  const windows = () => app?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  const expectOpened = async (count: number) => {
    await expect.poll(windows).toBe(count);
    for (const page of app?.windows() ?? []) await expect(page.locator('[data-view="idle"]')).toBeVisible();
  };
  hold('ctrl', 'n');
  await expectOpened(2);
  for (const count of [3, 4]) {
    press('ctrl+n');
    await expectOpened(count);
  }
  hold('ctrl', 'w');
  await expect.poll(windows).toBe(3);
  press('ctrl+w');
  await expect.poll(windows).toBe(2);
});
