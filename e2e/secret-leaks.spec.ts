import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { parseServerMessage } from '../shared/protocol.ts';
import { downloadText } from './support/download-file.ts';
import { processTree } from './support/processes.ts';
import { expect, test } from './support/test.ts';
import { EarshotWindow } from './support/window.ts';

test('H30 token and resume tokens appear in no title, address, request, console message, log, file or process argument', async ({
  app,
  shell,
}) => {
  const { page: first } = await app.open();
  const host = app.host();
  // Record from the first request on, which needs a new page.
  const page = shell === 'tab' ? await first.context().newPage() : first;
  const pageData = recordPageData(page);
  if (shell === 'tab') await page.goto(host.url);
  else await page.reload();
  const earshot = new EarshotWindow(page);
  await earshot.expectView('idle');
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);
  const { 'earshot.token': storedToken, ...whileListening } = await page.evaluate(
    (): Record<string, string> => ({ ...sessionStorage }),
  );
  // A tab stores the token for reloads until it is closed. The desktop app does not store it.
  expect(storedToken).toBe(shell === 'tab' ? host.token : undefined);
  // What the page stores about the open turn contains no secret, and is removed when the turn ends.
  expect(Object.keys(whileListening)).toEqual(['earshot.turn']);
  await earshot.press();
  await earshot.expectView('idle');
  await page.reload();
  await earshot.expectView('idle');
  await earshot.expectLogged('server', 'RECORDING_SAVED');

  await earshot.showEveryLine();
  const exportLog = async () => {
    await page.getByTestId('log-more').click();
    await page.getByTestId('log-export').click();
  };
  const exported = await downloadText(app, shell, page, exportLog);
  const [recording] = await app.recordings(1);
  expect(recording).toBeDefined();
  expect(pageData.resumeTokens.length).toBeGreaterThan(0);
  const secrets = [host.token, ...pageData.resumeTokens];
  const expectNowhere = (places: Record<string, string>) => {
    for (const [place, text] of Object.entries(places)) {
      for (const secret of secrets) expect(text.includes(secret), place).toBe(false);
    }
  };
  const places: Record<string, string> = {
    title: await page.title(),
    address: page.url(),
    page: await page.content(),
    'requests and console': pageData.requests.join('\n'),
    'frames that the page sent': pageData.sent.join('\n'),
    history: await historyOf(page),
    'exported log': exported,
    ...(await storageOf(page)),
    'sessionStorage without the token': JSON.stringify(whileListening),
    ...(process.platform === 'linux' ? processDetails(host.pid) : {}),
    ...filesIn(app.dataDir),
  };
  expectNowhere(places);
  // Resume tokens are received only in welcomes. The launch secret is never sent over a socket, in either direction.
  expect(pageData.received.filter((frame) => frame.includes(host.token))).toEqual([]);
  // Check that `recordPageData` sees frames and requests at all.
  expect(pageData.received.some((frame) => frame.includes(pageData.resumeTokens[0] ?? 'none'))).toBe(true);
  expect(pageData.sent.some((frame) => frame.includes('"ready"'))).toBe(true);
  expect(pageData.requests.some((requests) => requests.startsWith(`${host.origin}/`))).toBe(true);
  expect(places['exported log']).toContain('RECORDING_SAVED');
  expect(places['logs/earshot.log']).toContain('RECORDING_SAVED');
  if (process.platform === 'linux') expect(places[`arguments of ${host.pid}`]).toBeTruthy();

  // Some files are written while the app exits. The open tab tries to reconnect, which causes these errors.
  app.allowErrors(/WebSocket connection to .* failed|ERR_CONNECTION_(?:REFUSED|RESET)|ERR_EMPTY_RESPONSE/);
  await host.stop();
  expectNowhere(filesIn(app.dataDir));
});

/** Records the page's requests, console messages, sent and received frames, and resume tokens. */
function recordPageData(page: Page): Record<'requests' | 'sent' | 'received' | 'resumeTokens', string[]> {
  const requests: string[] = [];
  const sent: string[] = [];
  const received: string[] = [];
  const resumeTokens: string[] = [];
  page.on('console', (message) => requests.push(message.text()));
  page.on('request', (request) => {
    // The fragment is not part of the request (RFC 9110 section 7.1).
    requests.push(request.url().replace(/#.*/, ''), JSON.stringify(request.headers()), request.postData() ?? '');
  });
  page.on('websocket', (socket) => {
    requests.push(socket.url());
    socket.on('framesent', ({ payload }) => sent.push(String(payload)));
    socket.on('framereceived', ({ payload }) => {
      received.push(String(payload));
      const parsed = parseServerMessage(String(payload));
      if (parsed.kind === 'message' && parsed.message.event === 'connected') {
        resumeTokens.push(parsed.message.resume_token);
      }
    });
  });
  return { requests, sent, received, resumeTokens };
}

/** The addresses in the tab's history. */
async function historyOf(page: Page): Promise<string> {
  const devtools = await page.context().newCDPSession(page);
  const { entries } = await devtools.send('Page.getNavigationHistory');
  return entries.map((entry) => entry.url).join('\n');
}

/** Storage that outlives a page or that other pages can read. */
async function storageOf(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => ({
    localStorage: JSON.stringify(localStorage),
    cookies: document.cookie,
    databases: JSON.stringify(await indexedDB.databases()),
    caches: JSON.stringify(await caches.keys().catch(() => [])),
    'window.name': window.name,
    'history.state': JSON.stringify(history.state),
  }));
}

/** Arguments, which every user can read, and environment, which the same user can read, of each process. */
function processDetails(root: number): Record<string, string> {
  return Object.fromEntries(
    processTree(root).flatMap(({ pid }) => [
      [`arguments of ${pid}`, readFileSync(`/proc/${pid}/cmdline`, 'latin1')],
      [`environment of ${pid}`, readFileSync(`/proc/${pid}/environ`, 'latin1')],
    ]),
  );
}

/** The content of every file below a folder, by its path, decoded as Latin-1. */
function filesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), readFileSync(path, 'latin1')];
    }),
  );
}
