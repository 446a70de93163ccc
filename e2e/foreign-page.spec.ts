import type { Frame } from '@playwright/test';
import { BRIDGE_PATH, BRIDGE_PROTOCOL } from '../shared/bridge.ts';
import type { LogRecord } from '../shared/log-event.ts';
import { PROTOCOL, TOKEN_PREFIX } from '../shared/protocol.ts';
import {
  FOREIGN_NAME,
  FOREIGN_PLACES,
  type ForeignServer,
  openForeignPage,
  startForeignServer,
} from './support/foreign-server.ts';
import { expect, test } from './support/test.ts';

let foreign: ForeignServer;
test.beforeEach(async () => {
  foreign = await startForeignServer();
});
test.afterEach(() => foreign.close());

for (const place of FOREIGN_PLACES) {
  test(`H33 a page ${place} connects to nothing and reads nothing, even with the token; our own tab goes on`, async ({
    app,
  }) => {
    app.allowErrors(/WebSocket connection to .* failed|blocked by CORS policy|Failed to load resource/);
    const earshot = await app.open();
    const { voice_url, origin, token } = app.host();
    await earshot.press();
    await earshot.expectView('listening');
    const asset = await earshot.page.locator('script[src]').evaluate((script: HTMLScriptElement) => script.src);

    const frame = await openForeignPage(earshot.page.context(), foreign, place);
    const secret = `${TOKEN_PREFIX}${token}`;
    const bridge = `${origin.replace('http', 'ws')}${BRIDGE_PATH}`;
    for (const protocols of [[PROTOCOL, secret], [PROTOCOL]]) {
      expect(await connect(frame, `${voice_url}?user_id=stranger`, protocols)).toBe('refused');
    }
    for (const protocols of [[BRIDGE_PROTOCOL, secret], [BRIDGE_PROTOCOL]]) {
      expect(await connect(frame, bridge, protocols)).toBe('refused');
    }
    const metrics = voice_url.replace('ws', 'http').replace('/ws/voice', '/metrics');
    for (const [url, init] of [
      [`${origin}/`, {}],
      // A page of the same site shares the browser's cache of what never changes.
      [asset, { cache: 'no-store' }],
      [`${origin}/`, { mode: 'no-cors', method: 'POST' }],
      // Without a word of where they come from, as an image would be asked for: sent, and unreadable for the page.
      [`${origin}/`, { mode: 'no-cors' }],
      [asset, { mode: 'no-cors' }],
      [metrics, {}],
      [metrics, { mode: 'no-cors' }],
      [metrics, { headers: { Authorization: `Bearer ${token}` } }],
    ] as const) {
      expect(await read(frame, url, init), `${url} ${JSON.stringify(init)}`).toBe('nothing');
    }

    await expect
      .poll(() => refusals(app.log()))
      .toEqual([
        ...Array(2).fill('bridge 403 origin'),
        'metrics 401 token',
        'metrics 403 origin',
        'metrics 405 method',
        ...Array(3).fill('page 403 origin'),
        ...Array(2).fill('voice 403 origin'),
      ]);
    expect(app.log().some(({ text }) => text.includes(token))).toBe(false);

    await earshot.expectListenedFor(1);
    await earshot.press();
    await earshot.expectView('idle');
    const [kept] = await app.recordings(1);
    expect(kept).toMatchObject({ complete: true, gaps: [] });
  });
}

test('H33 a foreign page can neither frame our page nor keep hold of one that it opened', async ({ app }) => {
  app.allowErrors(/frame-ancestors/);
  const earshot = await app.open();
  const { url } = app.host();
  const frame = await openForeignPage(earshot.page.context(), foreign, 'on another port');
  const page = frame.page();
  const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
  await frame.evaluate((src) => document.body.append(Object.assign(document.createElement('iframe'), { src })), url);
  await refused;
  await expect.poll(() => frame.childFrames()[0]?.url()).toBe('chrome-error://chromewebdata/');

  const [opened] = await Promise.all([
    page.context().waitForEvent('page'),
    frame.evaluate((address) => {
      (window as unknown as { opened: Window | null }).opened = window.open(address);
    }, url),
  ]);
  await opened.locator('[data-view]').waitFor();
  // Its own window, for all that the opener can see: none.
  expect(await frame.evaluate(() => (window as unknown as { opened: Window | null }).opened?.closed)).toBe(true);
  expect(await opened.evaluate(() => window.opener)).toBeNull();
});

for (const name of ['localhost', FOREIGN_NAME]) {
  test(`H29 our page under the name ${name} is refused: 403, one line in the log, and no word of the secret`, async ({
    app,
  }) => {
    app.allowErrors(/Failed to load resource|Cross-Origin-Opener-Policy header has been ignored/);
    const earshot = await app.open();
    const { origin, token } = app.host();
    const page = await earshot.page.context().newPage();
    const answer = await page.goto(`${origin.replace('127.0.0.1', name)}/#token=${token}`);
    expect(answer?.status()).toBe(403);
    expect(await page.locator('body').textContent()).not.toContain(token);
    expect(await page.locator('script').count()).toBe(0);
    // A browser asks for the icon of any page by itself.
    await expect.poll(() => new Set(refusals(app.log()))).toEqual(new Set(['page 403 host']));
  });
}

/** What becomes of a WebSocket from there. */
function connect(frame: Frame, url: string, protocols: string[]): Promise<string> {
  return frame.evaluate(
    ({ url, protocols }) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(url, protocols);
        socket.onopen = () => resolve('open');
        socket.onclose = () => resolve('refused');
      }),
    { url, protocols },
  );
}

/** What a page there learns of an answer: its status and its text, or nothing. */
function read(frame: Frame, url: string, init: RequestInit): Promise<string> {
  return frame.evaluate(
    async ({ url, init }) => {
      try {
        const answer = await fetch(url, init);
        const text = await answer.text();
        return answer.type === 'opaque' && answer.status === 0 && text === '' ? 'nothing' : `${answer.status} ${text}`;
      } catch {
        return 'nothing';
      }
    },
    { url, init },
  );
}

/** Each refusal in the log as `on status why`, sorted. */
function refusals(log: readonly LogRecord[]): string[] {
  return log
    .flatMap(({ event, text }) =>
      event === 'WS_REFUSED' ? [text.replace(/^.*on=(\w+) \| status=(\d+) \| why=(.*)$/, '$1 $2 $3')] : [],
    )
    .sort();
}
