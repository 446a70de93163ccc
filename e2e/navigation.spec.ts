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

/** The ways in which a script can navigate to a URL or open it. */
const ATTEMPTS: Record<string, (url: string) => unknown> = {
  'location.href': (url) => {
    location.href = url;
  },
  'location.replace': (url) => location.replace(url),
  'window.open': (url) => window.open(url),
  'window.open with a name': (url) => window.open(url, 'elsewhere', 'width=300'),
  'window.open, navigated later': (url) => {
    const opened = window.open('about:blank');
    if (opened) opened.location.href = url;
  },
  'a link': (url) => Object.assign(document.createElement('a'), { href: url }).click(),
  'a link with target=_blank': (url) =>
    Object.assign(document.createElement('a'), { href: url, target: '_blank' }).click(),
  'a meta refresh': (url) => {
    const meta = Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: `0; url=${url}` });
    document.head.append(meta);
  },
};

test('H36 a script in the page can neither navigate it nor open another page', async ({ app }) => {
  app.allowErrors(/Not allowed to (?:load local resource|navigate top frame to data URL)/);
  const { page } = await app.open();
  const appUrl = page.url();
  const http = `http://127.0.0.1:${foreign.port}/`;
  // Don't use Playwright's actions, which would wait for the navigations that the app has stopped.
  const press = () => page.evaluate(() => document.querySelector<HTMLElement>('[data-testid="mic-button"]')?.click());
  const view = () => page.evaluate(() => document.querySelector('[data-view]')?.getAttribute('data-view'));
  await page.evaluate(() => Object.assign(window, { first: true }));
  for (const url of [http, 'file:///etc/hostname', 'data:text/html,elsewhere', 'mailto:a@b.example', `${appUrl}?x`]) {
    for (const [name, attempt] of Object.entries(ATTEMPTS)) {
      await page.evaluate(attempt, url);
      // By the time this timer fires, the attempt has taken effect. A new page would have no `first`.
      const same = await page.evaluate(() => new Promise((resolve) => setTimeout(() => resolve('first' in window))));
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

test('H36 a navigation to about:blank, which Chromium always allows, is reverted at once', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  const appUrl = page.url();
  for (const name of ['location.href', 'a link'] as const) {
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

/** Opens a window next to the app's, whose page is one large link. */
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
  // The link can be dragged only after it has been drawn.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  return page;
}

/** Records each dragover and drop event of a page with its data type. */
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

/** Replaces the current drag with the drag of a file, which a page can't start. */
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

test('H36 a link or a file dropped on the window loads nothing', async ({ app, stopAfterTest }) => {
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

  // Check that drops reach the page at all: if it accepts them, it gets the event. Outside of its list of recordings,
  // Earshot's own handler on the window refuses files.
  await page.evaluate(() =>
    document.addEventListener('dragover', (event) => {
      event.preventDefault();
      event.stopPropagation();
    }),
  );
  await recordDragEvents(page);
  await dragOver(from, to, () => startFileDrag(electron, file));
  await expect.poll(dragEventsAfterMove).toEqual(['dragover Files']);
  await releaseMouse();
  await expect.poll(() => dragEvents(page)).toContain('drop Files');
  expect(page.url()).toBe(appUrl);
  expect(page.context().pages()).toHaveLength(2);
  expect(foreign.requests).toEqual([]);
});
