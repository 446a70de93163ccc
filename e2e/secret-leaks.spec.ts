import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { parseServerMessage } from '../shared/protocol.ts';
import { downloadText } from './support/download-file.ts';
import { processTree } from './support/processes.ts';
import { expect, test } from './support/test.ts';
import { EarshotWindow } from './support/window.ts';

test('H30 neither token nor resume token is in a title, an address, a request, the console, the log, a file or a process’s arguments', async ({
  app,
  shell,
}) => {
  const { page: first } = await app.open();
  const host = app.host();
  // Watched from before its first request.
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
  // What lets a tab back in after a reload, and ends with the tab; the desktop app needs nothing of the kind.
  expect(storedToken).toBe(shell === 'tab' ? host.token : undefined);
  // What the next page needs to know of a turn that is open is no secret, and goes with the turn.
  expect(Object.keys(whileListening)).toEqual(['earshot.turn']);
  await earshot.press();
  await earshot.expectView('idle');
  await page.reload();
  await earshot.expectView('idle');
  await earshot.expectLogged('server', 'RECORDING_SAVED');

  const exportLog = () => page.getByTestId('log-export').click();
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
    'what the page said on a socket': pageData.sent.join('\n'),
    history: await historyOf(page),
    'exported log': exported,
    ...(await storageOf(page)),
    'the tab’s own storage, but for its key': JSON.stringify(whileListening),
    ...(process.platform === 'linux' ? processDetails(host.pid) : {}),
    ...filesIn(app.dataDir),
  };
  expectNowhere(places);
  // A resume token comes once, in a welcome. The secret of the launch goes over no socket in either direction.
  expect(pageData.received.filter((frame) => frame.includes(host.token))).toEqual([]);
  // The watch itself is no blind one.
  expect(pageData.received.some((frame) => frame.includes(pageData.resumeTokens[0] ?? 'none'))).toBe(true);
  expect(pageData.sent.some((frame) => frame.includes('"ready"'))).toBe(true);
  expect(pageData.requests.some((requests) => requests.startsWith(`${host.origin}/`))).toBe(true);
  expect(places['exported log']).toContain('RECORDING_SAVED');
  expect(places['logs/earshot.log']).toContain('RECORDING_SAVED');
  if (process.platform === 'linux') expect(places[`arguments of ${host.pid}`]).toBeTruthy();

  // Some files are written as the app ends. A tab that is still open looks for its host.
  app.allowErrors(/WebSocket connection to .* failed|ERR_CONNECTION_(?:REFUSED|RESET)|ERR_EMPTY_RESPONSE/);
  await host.stop();
  expectNowhere(filesIn(app.dataDir));
});

/** What the page asks for, says and is told, and the resume tokens that it is given. */
function recordPageData(page: Page): Record<'requests' | 'sent' | 'received' | 'resumeTokens', string[]> {
  const requests: string[] = [];
  const sent: string[] = [];
  const received: string[] = [];
  const resumeTokens: string[] = [];
  page.on('console', (message) => requests.push(message.text()));
  page.on('request', (request) => {
    // A fragment is no part of a request (RFC 9110 section 7.1): the browser keeps it.
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

/** The addresses that Back and Forward lead to. */
async function historyOf(page: Page): Promise<string> {
  const devtools = await page.context().newCDPSession(page);
  const { entries } = await devtools.send('Page.getNavigationHistory');
  return entries.map((entry) => entry.url).join('\n');
}

/** Everything that outlives a page, or that another one sees. */
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

/** What every user of the machine may read of a process, and what its own user may: arguments and environment. */
function processDetails(root: number): Record<string, string> {
  return Object.fromEntries(
    processTree(root).flatMap(({ pid }) => [
      [`arguments of ${pid}`, readFileSync(`/proc/${pid}/cmdline`, 'latin1')],
      [`environment of ${pid}`, readFileSync(`/proc/${pid}/environ`, 'latin1')],
    ]),
  );
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
