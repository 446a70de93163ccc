import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, BrowserType, Page } from '@playwright/test';
import { BROWSER_ARGS } from '../testing/browser.ts';
import { type MicrophonePermission, microphoneFlags, VOICE_WAV } from '../testing/microphone.ts';
import type { Host } from '../testing/shell.ts';
import { refusals } from './support/refusals.ts';
import { type Collector, startCollector, startServiceWorkerServer } from './support/service-worker-server.ts';
import { type App, expect, test } from './support/test.ts';
import { EarshotWindow } from './support/window.ts';

// Another local server used the port before Earshot and left a service worker and cached pages in the user's browser.
// The browsers of a test run one after the other, with the same persistent profile.

let profile: string;
let collector: Collector;
const contexts: BrowserContext[] = [];
test.beforeEach(async ({ app }) => {
  profile = mkdtempSync(join(tmpdir(), 'earshot-profile-'));
  collector = await startCollector();
  app.allowErrors(/WebSocket connection to .* failed|ERR_CONNECTION_(?:REFUSED|RESET)|ERR_EMPTY_RESPONSE/);
});
test.afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close().catch(() => undefined)));
  await collector.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

const portOf = ({ origin }: Host) => Number(new URL(origin).port);

/** Opens a browser with the persistent profile. */
const openProfile = (playwright: { chromium: BrowserType }, permission: MicrophonePermission = 'allowed') =>
  playwright.chromium
    .launchPersistentContext(profile, {
      args: [...BROWSER_ARGS, ...microphoneFlags({ wav: VOICE_WAV }, permission)],
      viewport: { width: 1100, height: 900 },
    })
    .then((context) => {
      contexts.push(context);
      return context;
    });

/** Visits a server, installs its service worker, and caches its pages. */
async function visit(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/`);
  await installWorker(page);
}
async function installWorker(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('/worker.js');
    await navigator.serviceWorker.ready;
    await Promise.all(['/', '/index.html'].map((path) => fetch(path)));
  });
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
}

/** Visits a server at 127.0.0.1, installs its service worker, and stops the server. @returns its port, for Earshot */
async function installLeftoverWorker(
  playwright: Parameters<typeof openProfile>[0],
  kind: 'hostile' | 'stale',
  afterwards: (page: Page) => Promise<unknown> = async () => {},
): Promise<number> {
  const earlier = await startServiceWorkerServer(0, { kind, collectorUrl: collector.url });
  const first = await openProfile(playwright);
  const page = await first.newPage();
  await visit(page, `http://127.0.0.1:${earlier.port}`);
  await afterwards(page);
  await first.close();
  await earlier.stop();
  return earlier.port;
}

/** Records a turn of one second and plays it. */
async function recordAndPlay(app: App, page: Page, recordings: number): Promise<void> {
  const earshot = new EarshotWindow(page);
  await earshot.expectView('idle');
  await earshot.recordTurn(1);
  await app.recordings(recordings);
  await earshot.play.click();
  await expect(earshot.play).toHaveAttribute('data-status', 'playing');
}

/**
 * Opens a tab, kills its host, starts a hostile server on its port, and reloads the tab. The tab then shows the hostile
 * page, with the origin of Earshot's page.
 */
async function openThenReplaceHost(
  app: App,
  playwright: Parameters<typeof openProfile>[0],
  use: (page: Page) => Promise<void>,
) {
  const earlier = await app.runHost();
  const port = portOf(earlier);
  const context = await openProfile(playwright);
  const tab = await context.newPage();
  await tab.goto(earlier.url);
  await use(tab);
  const { origin } = new URL(tab.url());
  await earlier.kill();
  const hostileServer = await startServiceWorkerServer(port, { kind: 'hostile', collectorUrl: collector.url });
  await tab.reload();
  await expect(tab).toHaveTitle('Not Earshot');
  return { port, context, tab, hostileServer, origin };
}

/** Expects that the collector got neither a secret nor a recording. */
function expectNothingLeaked(...hosts: Host[]): void {
  const reports = collector.messages.join('\n');
  for (const { token } of hosts) expect(reports).not.toContain(token);
  expect(reports).not.toContain('recording');
}

for (const [title, kind] of [
  ['a hostile server', 'hostile'],
  ['a development server', 'stale'],
] as const) {
  test(`H67 a service worker and cached pages of ${title} at 127.0.0.1 and this port get no data of a later launch`, async ({
    app,
    playwright,
  }) => {
    const port = await installLeftoverWorker(playwright, kind);
    const host = await app.runHost({ port });
    expect(portOf(host)).toBe(port);
    const context = await openProfile(playwright);
    const page = await context.newPage();
    await page.goto(host.url);
    await recordAndPlay(app, page, 1);
    expectNothingLeaked(host);
    // The leftover worker is still installed, but for another host name.
    const old = await context.newPage();
    await old.goto(`http://127.0.0.1:${port}/`);
    await expect(old.locator('[data-not-earshot]')).toBeAttached();
  });
}

test('H67 with --numeric-address the same worker sees the secret, as the warning on stderr says', async ({
  app,
  playwright,
}) => {
  const port = await installLeftoverWorker(playwright, 'hostile');
  const host = await app.runHost({ port, numericAddress: true });
  app.allowStderr(/^earshot: The page is at 127\.0\.0\.1: [^\n]+\n$/);
  const page = await (await openProfile(playwright)).newPage();
  await page.goto(host.url);
  await expect(page.locator('[data-not-earshot]')).toBeAttached();
  await expect.poll(() => collector.messages.join('\n')).toContain(host.token);
});

test('H67 with --numeric-address a leftover pass-through worker is reported, and the secret is not used', async ({
  app,
  playwright,
}) => {
  const port = await installLeftoverWorker(playwright, 'stale', async (page) => {
    await page.evaluate(() => caches.delete('app'));
    await page.context().clearCookies();
  });
  const host = await app.runHost({ port, numericAddress: true });
  app.allowStderr(/^earshot: The page is at 127\.0\.0\.1: [^\n]+\n$/);
  const page = await (await openProfile(playwright)).newPage();
  // The query avoids the page that the earlier server has cached.
  await page.goto(host.url.replace('/#', '/?new#'));
  await expect(page.getByTestId('unreachable')).toContainText('A service worker that another program left');
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  expect(app.log().some(({ event }) => event === 'WINDOW_OPENED')).toBe(false);
});

test('H67 another server that had the port and learnt the host name from an open tab cannot affect a later launch', async ({
  app,
  playwright,
}) => {
  const { port, context, tab, hostileServer, origin } = await openThenReplaceHost(app, playwright, (page) =>
    recordAndPlay(app, page, 1),
  );
  expect(new URL(tab.url()).origin).toBe(origin);
  await installWorker(tab);
  await hostileServer.stop();
  // The hostile page is still open when Earshot starts again.
  const host = await app.runHost({ port });
  expect(host.origin).toBe(origin);
  const page = await context.newPage();
  await page.goto(host.url);
  await recordAndPlay(app, page, 2);
  expect(new URL(page.url()).origin).toBe(origin);
  expectNothingLeaked(host);

  // The hostile page that is still open can't install another worker.
  const registration = await tab.evaluate(() =>
    navigator.serviceWorker.register('/worker.js').then(
      () => 'installed',
      () => 'refused',
    ),
  );
  expect(registration).toBe('refused');
  await expect.poll(() => refusals(app.log())).toContain('page 403 service worker');

  // Opening the link again does not break a tab of this launch: it can still be reloaded.
  const second = await context.newPage();
  await second.goto(host.url);
  await new EarshotWindow(second).expectView('idle');
  await page.reload();
  await new EarshotWindow(page).expectView('idle');
  // Once in each of the two launches.
  expect(app.log().filter(({ event }) => event === 'SITE_DATA_CLEARED')).toHaveLength(2);
});

test('H67 no secret is sent on a connection that another server kept open', async ({ app, playwright }) => {
  const { port, context, hostileServer } = await openThenReplaceHost(app, playwright, (page) =>
    new EarshotWindow(page).expectView('idle'),
  );
  // The server no longer listens, but still answers on open connections.
  await hostileServer.stop(true);
  const answered = hostileServer.answered;

  const host = await app.runHost({ port });
  const page = await context.newPage();
  await page.goto(host.url);
  await expect(page.getByTestId('link-page')).toContainText('Another program answers');
  expect(hostileServer.answered).toBeGreaterThan(answered);
  expectNothingLeaked(host);
  // Do what the page advises: quitting the browser closes such connections.
  await context.close();
  const fresh = await (await openProfile(playwright)).newPage();
  await fresh.goto(host.url);
  await recordAndPlay(app, fresh, 1);
  expectNothingLeaked(host);
});

test('H67 the browser keeps the microphone permission and device ids from one launch to the next, for this origin only', async ({
  app,
  playwright,
}) => {
  const earlier = await app.runHost();
  const port = portOf(earlier);
  // Allow the microphone for this origin, as a user would.
  mkdirSync(join(profile, 'Default'));
  const allowed = { [`${earlier.origin},*`]: { setting: 1 } };
  const preferences = { profile: { content_settings: { exceptions: { media_stream_mic: allowed } } } };
  writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify(preferences));

  const permission = (page: Page) =>
    page.evaluate(async () => (await navigator.permissions.query({ name: 'microphone' as PermissionName })).state);
  const idsOf = (page: Page) =>
    page.evaluate(async () => {
      const devices = await navigator.mediaDevices.enumerateDevices();
      return devices.flatMap(({ kind, deviceId }) => (kind === 'audioinput' ? [deviceId] : []));
    });
  async function use(host: Host, recordings: number): Promise<string[]> {
    const context = await openProfile(playwright, 'denied');
    const page = await context.newPage();
    await page.goto(host.url);
    await recordAndPlay(app, page, recordings);
    expect(await permission(page)).toBe('granted');
    const ids = await idsOf(page);
    expect(ids).not.toContain('');
    // Another host name has no permission.
    const other = await context.newPage();
    await other.goto(`http://127.0.0.1:${port}/`);
    expect(await permission(other)).toBe('prompt');
    await context.close();
    return ids;
  }
  const ids = await use(earlier, 1);
  await earlier.stop();
  const host = await app.runHost({ port });
  expect(host.origin).toBe(earlier.origin);
  expect(await use(host, 2)).toEqual(ids);
});
