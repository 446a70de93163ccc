import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { en } from '../renderer/text/en.ts';
import { expect, test } from './support/test.ts';

// Another local server has set cookies for the page's host name. The browser also sends them to Earshot, because
// cookies don't depend on the port.

/** 32 cookies of 2 KB, four times the size limit for request headers. */
const COOKIES = Array.from({ length: 32 }, (_, n) => `development-${n}=${'x'.repeat(2_000)}; Path=/; Max-Age=3600`);

const servers: Server[] = [];
test.afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** Starts another local server, which sets these cookies. @returns its port */
async function startCookieServer(): Promise<number> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').setHeader('Set-Cookie', COOKIES);
    response.end('<!doctype html><title>Elsewhere</title>');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Opens that server in another tab, with the host name of Earshot's page. */
async function visit(page: Page, origin: string): Promise<void> {
  const another = await page.context().newPage();
  await another.goto(`http://${new URL(origin).hostname}:${await startCookieServer()}/`);
  await another.close();
}

const EXPECTED =
  /WebSocket connection to .* failed|status of 431|ERR_CONNECTION_(?:REFUSED|RESET)|ERR_EMPTY_RESPONSE|log: .* type=too_many_cookies/;
const TOO_MANY = 'Your browser sent more cookies for this address than Earshot accepts';

test('H69 with too many cookies of another local server the page names the remedy, and loads after they are deleted', async ({
  app,
}) => {
  app.allowErrors(EXPECTED);
  const earshot = await app.open();
  const { page } = earshot;
  const { origin, url } = app.host();
  await visit(page, origin);

  const response = await page.reload();
  expect(response?.status()).toBe(431);
  const headers = (await response?.allHeaders()) ?? {};
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  await expect(page.getByRole('heading')).toHaveText(TOO_MANY);
  await expect(page.locator('main')).toContainText(`Delete the cookies of ${new URL(origin).hostname}`);
  await expect(page.locator('main')).toContainText('Or open the link that Earshot printed in a private window');
  await page.screenshot({ path: test.info().outputPath('refusal.png') });

  // The printed link, in a private window.
  const anonymous = await page.context().browser()?.newContext();
  const other = await anonymous?.newPage();
  await other?.goto(url);
  await expect(other?.locator('[data-view]') as ReturnType<Page['locator']>).toHaveAttribute('data-view', 'idle');
  await anonymous?.close();

  await page.context().clearCookies();
  await page.reload();
  await earshot.expectView('idle');
  await earshot.expectLogged('app', 'why=headers too large');
});

test('H69 when the cookies are set while a page is open, the next press reports them, and works once they are deleted', async ({
  app,
}) => {
  app.allowErrors(EXPECTED);
  const earshot = await app.open();
  const { page } = earshot;
  await visit(page, app.host().origin);

  await earshot.press();
  await expect(earshot.problem).toHaveAttribute('data-problem', 'too_many_cookies');
  await expect(earshot.problem).toContainText(en.problems.too_many_cookies.title);
  await expect(earshot.problem).toContainText('Delete the cookies of this address');
  await earshot.expectView('error');

  await page.context().clearCookies();
  await earshot.retry.click();
  await earshot.expectView('listening');
  await expect(earshot.problem).toBeHidden();
  await earshot.press();
  await earshot.expectView('idle');
});

test('H69 when the cookies prevent the bridge from reconnecting, the window says so, and reconnects once they are deleted', async ({
  app,
}) => {
  app.allowErrors(EXPECTED);
  const earshot = await app.open({
    // Lets the test close the page's sockets, as happens when the machine sleeps.
    initScript: () => {
      const sockets: WebSocket[] = [];
      const Original = window.WebSocket;
      Object.assign(window, { cutSockets: () => sockets.splice(0).forEach((socket) => void socket.close()) });
      window.WebSocket = class extends Original {
        constructor(url: string | URL, protocols?: string | string[]) {
          super(url, protocols);
          sockets.push(this);
        }
      };
    },
  });
  const { page } = earshot;
  await visit(page, app.host().origin);
  await page.evaluate(() => (window as unknown as { cutSockets(): void }).cutSockets());
  await earshot.showLog();
  const cutOff = page.getByTestId('log-cut-off');
  await expect(cutOff).toContainText('Your browser sends more cookies for this address than Earshot accepts');
  await page.context().clearCookies();
  await expect(cutOff).toBeHidden({ timeout: 20_000 });
  await earshot.expectView('idle');
});
