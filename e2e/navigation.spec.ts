import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { type ForeignServer, startForeignServer } from './support/foreign-server.ts';
import { dragOver, jiggleMouse, releaseMouse } from './support/linux-desktop/mouse.ts';
import { expect, requirePrograms, test } from './support/linux-desktop/test.ts';
import { startOpenbox } from './support/linux-desktop/x11.ts';

requirePrograms('openbox', 'xdotool', 'xprop');

let foreign: ForeignServer;
test.beforeEach(async () => {
  foreign = await startForeignServer();
});
test.afterEach(() => foreign.close());

/** Every way for a script in the page to go to `there` or to open it. */
const ATTEMPTS: Record<string, (url: string) => unknown> = {
  'an address': (url) => {
    location.href = url;
  },
  'a replacement': (url) => location.replace(url),
  'a window': (url) => window.open(url),
  'a window with a name': (url) => window.open(url, 'elsewhere', 'width=300'),
  'a window that is filled later': (url) => {
    const opened = window.open('about:blank');
    if (opened) opened.location.href = url;
  },
  'a link': (url) => Object.assign(document.createElement('a'), { href: url }).click(),
  'a link to a new window': (url) =>
    Object.assign(document.createElement('a'), { href: url, target: '_blank' }).click(),
  'a refresh': (url) => {
    const meta = Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: `0; url=${url}` });
    document.head.append(meta);
  },
};

test('H36 the page stays where it is, whatever a script in it opens or goes to', async ({ app }) => {
  app.allowErrors(/Not allowed to (?:load local resource|navigate top frame to data URL)/);
  const { page } = await app.open();
  const appUrl = page.url();
  const http = `http://127.0.0.1:${foreign.port}/`;
  // Playwright's own waits end only with the navigations that were begun, and those were stopped.
  const press = () => page.evaluate(() => document.querySelector<HTMLElement>('[data-testid="mic-button"]')?.click());
  const view = () => page.evaluate(() => document.querySelector('[data-view]')?.getAttribute('data-view'));
  await page.evaluate(() => Object.assign(window, { first: true }));
  for (const url of [http, 'file:///etc/hostname', 'data:text/html,elsewhere', 'mailto:a@b.example', `${appUrl}?x`]) {
    for (const [name, attempt] of Object.entries(ATTEMPTS)) {
      await page.evaluate(attempt, url);
      // The answer comes after whatever the attempt has begun, and from another page if there is one by then.
      const same = await page.evaluate(() => new Promise((tell) => setTimeout(() => tell('first' in window))));
      expect(same, `${name} to ${url}`).toBe(true);
    }
  }
  await press();
  await expect.poll(view).toBe('listening');
  await press();
  await expect.poll(view).toBe('idle');
  expect(page.url()).toBe(appUrl);
  expect(page.context().pages()).toHaveLength(1);
  expect(foreign.requests).toEqual([]);
});

test('H36 a page that goes to about:blank, which Chromium lets it, is brought back at once', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  const appUrl = page.url();
  for (const name of ['an address', 'a link'] as const) {
    const [back] = await Promise.all([
      page.waitForEvent('framenavigated', (frame) => frame.url() === appUrl),
      page.evaluate(ATTEMPTS[name] as (url: string) => void, 'about:blank'),
    ]);
    expect(back.parentFrame()).toBeNull();
    await earshot.expectView('idle');
  }
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.press();
  await earshot.expectView('idle');
});

/** A window beside ours with a page that is one large link. */
async function openLink(electron: ElectronApplication, link: string): Promise<Page> {
  const opened = electron.waitForEvent('window');
  await electron.evaluate(({ BrowserWindow }, link) => {
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 600, y: 60, width: 600, height: 600 });
    const window = new BrowserWindow({ title: 'Link', x: 20, y: 60, width: 500, height: 500 });
    return window.loadURL(
      `data:text/html,<title>Link</title><a href="${link}" style="position:fixed;inset:0">A link</a>`,
    );
  }, link);
  const page = await opened;
  // Drawn: before, a hand finds no link there.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  return page;
}

/** Notes each drag over a page and each drop on it, with what it carries. */
function recordDragEvents(page: Page): Promise<void> {
  return page.evaluate(() => {
    const seen = new Set<string>();
    for (const name of ['dragover', 'drop'] as const) {
      document.addEventListener(name, ({ dataTransfer }) => seen.add(`${name} ${dataTransfer?.types.at(-1)}`), true);
    }
    Object.assign(window, { dragEvents: seen });
  });
}
const dragEvents = (page: Page) =>
  page.evaluate(() => [...(window as unknown as { dragEvents: Set<string> }).dragEvents]);

/** Puts a file into the hand that holds the link: a page can't do that by itself. */
function startFileDrag(electron: ElectronApplication, file: string): Promise<void> {
  const icon = join(import.meta.dirname, '../build/icons/32x32.png');
  return electron.evaluate(
    ({ BrowserWindow }, item) => {
      const window = BrowserWindow.getAllWindows().find((candidate) => candidate.getTitle() === 'Link');
      // `startDrag` returns when the file has been dropped.
      const ended = new Promise<void>((resolve) => {
        setTimeout(() => resolve(window?.webContents.startDrag(item)));
      });
      Object.assign(globalThis, { fileDrag: { ended } });
    },
    { file, icon },
  );
}
const fileDragEnded = (electron: ElectronApplication) =>
  electron.evaluate(() => (globalThis as unknown as { fileDrag: { ended: Promise<void> } }).fileDrag.ended);

test('H36 a link and a file dragged onto the window and dropped there load nothing', async ({ app, stopAfterTest }) => {
  await stopAfterTest(startOpenbox());
  const { page } = await app.open();
  const electron = app.electron();
  const appUrl = page.url();
  const source = await openLink(electron, `http://127.0.0.1:${foreign.port}/dropped`);
  await recordDragEvents(page);
  const from = { x: 200, y: 300 };
  const to = { x: 900, y: 400 };

  const dragEventsAfterMove = async () => {
    await jiggleMouse(to);
    return dragEvents(page);
  };
  await source.evaluate(() => {
    const ended = new Promise((resolve) => document.addEventListener('dragend', resolve, { once: true }));
    Object.assign(window, { ended: ended.then(() => true) });
  });
  await dragOver(from, to);
  await expect.poll(dragEventsAfterMove).toEqual(['dragover text/html']);
  await releaseMouse();
  expect(await source.evaluate(() => (window as unknown as { ended: Promise<boolean> }).ended)).toBe(true);

  const file = join(app.dataDir, 'dropped.html');
  writeFileSync(file, '<title>Dropped</title>');
  await source.evaluate(() => document.addEventListener('dragstart', (event) => event.preventDefault()));
  await dragOver(from, to, () => startFileDrag(electron, file));
  await expect.poll(dragEventsAfterMove).toEqual(['dragover text/html', 'dragover Files']);
  await releaseMouse();
  await fileDragEnded(electron);

  // A page that took drops would get it: the hand really let go over it.
  await page.evaluate(() => document.addEventListener('dragover', (event) => event.preventDefault()));
  await recordDragEvents(page);
  await dragOver(from, to, () => startFileDrag(electron, file));
  await expect.poll(dragEventsAfterMove).toEqual(['dragover Files']);
  await releaseMouse();
  await expect.poll(() => dragEvents(page)).toContain('drop Files');
  expect(page.url()).toBe(appUrl);
  expect(page.context().pages()).toHaveLength(2);
  expect(foreign.requests).toEqual([]);
});
