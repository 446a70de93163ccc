import type { Frame, Page } from '@playwright/test';
import { BRIDGE_CALLS, BRIDGE_EVENTS } from '../shared/bridge.ts';
import { callHost } from './support/bridge.ts';
import { type ForeignServer, startForeignServer } from './support/foreign-server.ts';
import { expect, test } from './support/test.ts';

const CALLS = Object.keys(BRIDGE_CALLS);

test('H34 the page of the desktop app has the bridge, but no API of Node or Electron', async ({ app }) => {
  const { page } = await app.open();
  const globals = await page.evaluate(() => ({
    bridge: Object.keys((window as unknown as { earshot: object }).earshot),
    foreign: ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in window),
  }));
  expect(globals.bridge.sort()).toEqual([...CALLS, ...Object.keys(BRIDGE_EVENTS)].sort());
  expect(globals.foreign).toEqual([]);
  expect(new URL(page.url()).protocol).toBe('earshot:');
});

/** Makes every bridge call from a frame. @returns the distinct codes of the answers */
function makeAllCalls(frame: Page | Frame): Promise<string[]> {
  return frame.evaluate(async (calls) => {
    const { earshot } = window as unknown as {
      earshot: Record<string, (args?: unknown) => Promise<{ ok: boolean; error?: { code: string } }>>;
    };
    const answers = await Promise.all(calls.map((call) => earshot[call]?.()));
    return [...new Set(answers.map((answer) => answer?.error?.code ?? 'answered'))];
  }, CALLS);
}

test.describe('foreign pages', () => {
  let foreign: ForeignServer;
  test.beforeEach(async () => {
    foreign = await startForeignServer();
  });
  test.afterEach(() => foreign.close());

  test('H34 the bridge answers the app’s page only, not a foreign page or a frame, even with the preload script', async ({
    app,
  }) => {
    const { page } = await app.open();
    const electron = app.electron();
    const refusals = () => app.log().flatMap(({ text }) => /type=bridge_refused.*call=(\w+)/.exec(text)?.[1] ?? []);
    let expectedRefusals = 0;
    const http = `http://127.0.0.1:${foreign.port}/`;
    for (const url of [http, 'data:text/html,elsewhere', 'about:blank', 'earshot://elsewhere/index.html']) {
      const opened = electron.waitForEvent('window');
      await electron.evaluate(
        ({ app, BrowserWindow, session }, { url, scheme }) => {
          const preload = `${app.getAppPath()}/dist/preload/index.cjs`;
          // Use another session, because the app's own would not load the page.
          const elsewhere = session.fromPartition('elsewhere');
          if (!elsewhere.protocol.isProtocolHandled(scheme)) {
            elsewhere.protocol.handle(scheme, () => new Response('', { headers: { 'Content-Type': 'text/html' } }));
          }
          const window = new BrowserWindow({ webPreferences: { preload, session: elsewhere } });
          return window.loadURL(url);
        },
        { url, scheme: 'earshot' },
      );
      const foreignPage = await opened;
      await foreignPage.waitForURL(url);
      expect(await makeAllCalls(foreignPage), url).toEqual(['bridge_refused']);
      expectedRefusals += CALLS.length;
      await expect.poll(() => refusals().length).toBe(expectedRefusals);
      await foreignPage.close();
    }

    // A frame in the app's page has no bridge. If the preload script ran in a frame, its calls would be refused.
    await page.evaluate(() => void document.body.append(document.createElement('iframe')));
    const [, frame] = page.frames();
    expect(await frame?.evaluate(() => 'earshot' in window)).toBe(false);
    const opened = electron.waitForEvent('window');
    await electron.evaluate(({ app, BrowserWindow, session }) => {
      const preload = `${app.getAppPath()}/dist/preload/index.cjs`;
      const webPreferences = { preload, nodeIntegrationInSubFrames: true, session: session.fromPartition('elsewhere') };
      const { webContents } = new BrowserWindow({ webPreferences });
      webContents.removeAllListeners('will-frame-navigate');
      return webContents.loadURL('earshot://app/index.html');
    });
    const framingPage = await opened;
    await framingPage.evaluate(
      (src) => void document.body.append(Object.assign(document.createElement('iframe'), { src })),
      page.url(),
    );
    await expect.poll(() => framingPage.frames()[1]?.url()).toBe(page.url());
    const [, innerFrame] = framingPage.frames();
    if (!innerFrame) throw new Error('no frame');
    expect(await makeAllCalls(innerFrame)).toEqual(['bridge_refused']);
    await expect.poll(() => refusals().length).toBe(expectedRefusals + CALLS.length);
    expect(await callHost(page, 'getAppInfo', undefined)).toMatchObject({ ok: true });
  });
});

test('the app run from source does not check for updates and says why', async ({ app }) => {
  const { page } = await app.open();
  const desktop = await callHost(page, 'getDesktop', undefined);
  expect(desktop).toMatchObject({ ok: true, value: { update: { state: 'none' }, why_no_updates: 'not_packaged' } });
});

test('the spell checker is off, and the window has the settings of the security checklist', async ({ app }) => {
  const { page } = await app.open();
  const found = await app.electron().evaluate(({ BrowserWindow, session }) => {
    // An undocumented API of Electron returns the preferences with which the renderer was started.
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    return { ...contents.getLastWebPreferences(), spellcheckOfSession: session.defaultSession.isSpellCheckerEnabled() };
  });
  expect(found).toMatchObject({
    spellcheckOfSession: false,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
  });
  expect(await page.evaluate(() => 'getWebContentsId' in document.createElement('webview'))).toBe(false);
});
