import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { parseServerMessage } from '../shared/protocol.ts';
import { expect, test } from './support/test.ts';
import { EarshotWindow } from './support/window.ts';

test('H30 neither token nor resume token is in a title, an address, a request, the console, the log or a file', async ({
  app,
}) => {
  const { page: first } = await app.open();
  const { url, token } = app.host();
  // A tab that is watched from before its first request.
  const page = await first.context().newPage();
  const watch = watchEverything(page);
  await page.goto(url);
  const earshot = new EarshotWindow(page);
  await earshot.expectView('idle');
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);
  const whileListening = await page.evaluate(() => ({ ...sessionStorage }));
  await earshot.press();
  await earshot.expectView('idle');
  await page.reload();
  await earshot.expectView('idle');

  const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('log-export').click()]);
  const [recording] = await app.recordings(1);
  expect(recording).toBeDefined();
  expect(watch.resumeTokens.length).toBeGreaterThan(0);
  const secrets = [token, ...watch.resumeTokens];
  const places: Record<string, string> = {
    title: await page.title(),
    address: page.url(),
    page: await page.content(),
    'requests and console': watch.heard.join('\n'),
    history: await historyOf(page),
    'exported log': readFileSync(await file.path(), 'utf8'),
    ...(await storageOf(page)),
    ...filesIn(app.dataDir),
  };
  for (const [place, text] of Object.entries(places)) {
    for (const secret of secrets) expect(text.includes(secret), place).toBe(false);
  }
  // The watch itself is no blind one.
  expect(watch.heard).toContain(`${app.host().origin}/`);
  expect(places['exported log']).toContain('RECORDING_SAVED');
  expect(places['logs/earshot.log']).toContain('RECORDING_SAVED');

  // What the next page needs to know of a turn that is open is no secret, and goes with the turn.
  expect(Object.keys(whileListening).sort()).toEqual(['earshot.token', 'earshot.turn']);
  for (const secret of secrets) expect(whileListening['earshot.turn']?.includes(secret)).toBe(false);

  // What lets a reload back in is this tab's alone: it ends with the tab, and no other tab, port or file has it.
  expect(await page.evaluate(() => Object.entries(sessionStorage))).toEqual([['earshot.token', token]]);
  const other = await page.context().newPage();
  await other.goto(app.host().origin);
  await expect(other.getByTestId('unreachable')).toContainText('without its key');
  expect(await other.evaluate(() => sessionStorage.length)).toBe(0);
});

test('H30 the printed address opens a tab that shows the page without its key, and leaves the address bar at once', async ({
  app,
}) => {
  const { page: first } = await app.open();
  const page = await first.context().newPage();
  await page.goto(app.host().origin);
  await expect(page.getByTestId('unreachable')).toBeVisible();
  // For the browser this is a move within the page.
  await page.goto(app.host().url);
  await new EarshotWindow(page).expectView('idle');
  expect(page.url()).toBe(`${app.host().origin}/`);
});

/** What the page asks for and says, and the resume tokens that it is given. */
function watchEverything(page: Page): { heard: string[]; resumeTokens: string[] } {
  const heard: string[] = [];
  const resumeTokens: string[] = [];
  page.on('console', (message) => heard.push(message.text()));
  page.on('request', (request) => {
    // A fragment is no part of a request (RFC 9110 section 7.1): the browser keeps it.
    heard.push(request.url().replace(/#.*/, ''), JSON.stringify(request.headers()), request.postData() ?? '');
  });
  page.on('websocket', (socket) => {
    heard.push(socket.url());
    socket.on('framereceived', ({ payload }) => {
      const parsed = parseServerMessage(String(payload));
      if (parsed.kind === 'message' && parsed.message.event === 'connected') {
        resumeTokens.push(parsed.message.resume_token);
      }
    });
  });
  return { heard, resumeTokens };
}

/** The addresses that Back and Forward lead to. */
async function historyOf(page: Page): Promise<string> {
  const devtools = await page.context().newCDPSession(page);
  const { entries } = await devtools.send('Page.getNavigationHistory');
  return entries.map((entry) => entry.url).join('\n');
}

/** Everything that outlives a tab, or that another tab sees. */
async function storageOf(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => ({
    localStorage: JSON.stringify(localStorage),
    cookies: document.cookie,
    databases: JSON.stringify(await indexedDB.databases()),
    caches: JSON.stringify(await caches.keys()),
    'window.name': window.name,
    'history.state': JSON.stringify(history.state),
  }));
}

/** Every file below a folder by its path, each byte a character. */
function filesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), readFileSync(path, 'latin1')];
    }),
  );
}
