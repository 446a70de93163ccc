import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';
import { EarshotWindow } from './support/window.ts';

test('H63 a tab asks before a reload while listening, and only then', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.type());
    void dialog.dismiss();
  });
  await earshot.press();
  await earshot.expectListenedFor(1);
  const session = await earshot.sessionId.textContent();
  // Not `page.reload()`, which would wait for a load that never happens.
  await page.evaluate(() => location.reload());
  await expect.poll(() => dialogs).toEqual(['beforeunload']);
  await earshot.expectListenedFor(2);
  await expect(earshot.sessionId).toHaveText(session ?? '');
  await earshot.press();
  await earshot.expectView('idle');
  await page.reload();
  await earshot.expectView('idle');
  expect(dialogs).toHaveLength(1);
  await app.recordings(1);
});

test('H63 a tab asks before it is closed while listening; if it is closed, its recording is complete and the next tab lists it', async ({
  app,
}) => {
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.press();
  await earshot.expectListenedFor(1);
  const [first] = await Promise.all([page.waitForEvent('dialog'), page.close({ runBeforeUnload: true })]);
  expect(first.type()).toBe('beforeunload');
  await first.dismiss();
  await earshot.expectListenedFor(2);
  const another = await page.context().newPage();
  const [second] = await Promise.all([page.waitForEvent('dialog'), page.close({ runBeforeUnload: true })]);
  await second.accept();
  const [saved] = await app.recordings(1);
  expect(saved).toMatchObject({ complete: true, gaps: [] });
  expect(saved?.duration_s).toBeGreaterThanOrEqual(2);
  await another.goto(app.host().url);
  const anotherWindow = new EarshotWindow(another);
  await anotherWindow.showRecordings();
  await expect(anotherWindow.recordingRows).toHaveCount(1);
});

test('H63 a tab that navigated away while listening says what was saved when it comes back', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.press();
  await earshot.expectListenedFor(1);
  await page.goto('about:blank');
  await app.recordings(1);
  await page.goBack();
  await earshot.expectView('idle');
  await expect(page.getByTestId('interrupted-turn')).toHaveText(
    /^Listening stopped because the page was left\. 0:0\d was saved\.$/,
  );
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByTestId('interrupted-turn')).toBeHidden();
  // The mic works again.
  await earshot.press();
  await earshot.expectListenedFor(1);
  await earshot.press();
  await earshot.expectView('idle');
});

test('a tab that crashes while listening says what was saved when it is loaded again', async ({ app }) => {
  const earshot = await app.open();
  await earshot.press();
  await earshot.expectListenedFor(2);
  const evaluate = await crashAndReload(earshot.page);
  const notice = `document.querySelector('[data-testid="interrupted-turn"]')?.textContent`;
  await expect
    .poll(() => evaluate(notice))
    .toMatch(/^Listening stopped because the tab stopped working\. 0:0\d was saved\.$/);
  const [saved] = await app.recordings(1);
  expect(saved?.duration_s).toBeGreaterThanOrEqual(2);
});

test('a duplicate of a listening tab is idle, and does not affect the turn', async ({ app }) => {
  const earshot = await app.open();
  await earshot.press();
  await earshot.expectListenedFor(1);
  const storage = await earshot.page.evaluate(() => ({ ...sessionStorage }));
  expect(Object.keys(storage).sort()).toEqual(['earshot.token', 'earshot.turn']);

  // A browser's "Duplicate" copies sessionStorage.
  const page = await earshot.page.context().newPage();
  await page.addInitScript((saved) => {
    if (sessionStorage.length === 0)
      for (const [key, value] of Object.entries(saved)) sessionStorage.setItem(key, value);
  }, storage);
  await page.goto(app.host().origin);
  const copy = new EarshotWindow(page);
  await copy.expectView('idle');
  await expect.poll(() => page.evaluate(() => sessionStorage.getItem('earshot.turn'))).toBeNull();
  await expect(page.getByTestId('interrupted-turn')).toBeHidden();

  await earshot.page.bringToFront();
  await earshot.expectView('listening');
  await earshot.press();
  await earshot.expectView('idle');
  await app.recordings(1);
});

test('a reload while the connection is lost ends the session at once', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  const sockets = new Set<() => Promise<void>>();
  let connected = true;
  await page.routeWebSocket(/\/ws\/voice/, (socket) => {
    if (!connected) return void socket.close({ code: 1011 });
    const server = socket.connectToServer();
    sockets.add(async () => {
      // Close the page's side first, so that it does not write to a closed connection. Code 4000 has no meaning to the
      // server.
      await socket.close({ code: 1011 });
      await server.close({ code: 4000 });
    });
  });
  await page.reload();
  await earshot.expectView('idle');
  await earshot.press();
  await earshot.expectListenedFor(2);
  connected = false;
  for (const cut of sockets) await cut();
  await earshot.expectView('reconnecting');
  await expect.poll(() => app.log().map(({ event }) => event)).toContain('SESSION_LOST');
  await page.reload();
  const notice = page.getByTestId('interrupted-turn');
  await expect(notice).toHaveText(
    /was reloaded while there was no connection\. 0:0\d was saved\. What you said without a connection is lost\.$/,
  );
  await app.recordings(1);
  const expired = () =>
    app
      .log()
      .filter(({ event }) => event === 'SESSION_EXPIRED')
      .map(({ text }) => text);
  await expect.poll(expired).toEqual([expect.stringContaining('its page is gone')]);
});

/**
 * Crashes the page's process and reloads the page, as a user does with a tab that says "Aw, Snap!". Playwright can't
 * use a page after a crash, so this uses the DevTools protocol.
 * @returns evaluates an expression in the reloaded page; undefined while it is loading
 */
async function crashAndReload(page: Page): Promise<(expression: string) => Promise<unknown>> {
  const browser = page.context().browser();
  if (!browser) throw new Error('the page has no browser of its own');
  const devtools = await browser.newBrowserCDPSession();
  const { targetInfos } = await devtools.send('Target.getTargets');
  const targetId = targetInfos.find(({ url }) => url === page.url())?.targetId;
  if (!targetId) throw new Error('the browser does not know the page');
  const crashed = page.waitForEvent('crash');
  const own = await page.context().newCDPSession(page);
  void own.send('Page.crash').catch(() => undefined);
  await crashed;

  const { sessionId } = await devtools.send('Target.attachToTarget', { targetId, flatten: false });
  const answers = new Map<number, { result?: { result?: { value?: unknown } } }>();
  devtools.on('Target.receivedMessageFromTarget', ({ message }) => {
    const answer = JSON.parse(message);
    answers.set(answer.id, answer);
  });
  let id = 0;
  const send = async (method: string, params: object = {}): Promise<number> => {
    id += 1;
    await devtools.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) });
    return id;
  };
  await send('Page.reload');
  let dialogs: number | null = null;
  return async (expression) => {
    // A page that is being replaced never answers, so each poll reads the answer to the previous request and sends a
    // new one.
    const value = dialogs === null ? undefined : answers.get(dialogs)?.result?.result?.value;
    dialogs = await send('Runtime.evaluate', { expression });
    return value;
  };
}
