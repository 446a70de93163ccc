import { FOREIGN_NAME, FOREIGN_ORIGINS, openForeignPage, startForeignServer } from './support/foreign-server.ts';
import { writeLongRecording } from './support/long-recording.ts';
import { refusals } from './support/refusals.ts';
import { expect, test } from './support/test.ts';
import { EarshotWindow } from './support/window.ts';

// The page of a tab is served over HTTP, with the key in its address.

test('H33 a foreign page can neither frame the app’s page nor access one that it opened', async ({ app }) => {
  app.allowErrors(/frame-ancestors/);
  const foreign = await startForeignServer();
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
  // The opener sees it as closed.
  expect(await frame.evaluate(() => (window as unknown as { opened: Window | null }).opened?.closed)).toBe(true);
  expect(await opened.evaluate(() => window.opener)).toBeNull();
  await foreign.close();
});

for (const origin of FOREIGN_ORIGINS) {
  test(`H33 a page ${origin} cannot play a recording, even if it knows the address`, async ({ app }) => {
    app.allowErrors(/Failed to load resource/);
    writeLongRecording(app.dataDir, { seconds: 60, tones: [{ at: 0, frequency: 440 }] });
    const foreign = await startForeignServer();
    const earshot = await app.open();
    const { page } = earshot;
    await earshot.showRecordings();
    const [request] = await Promise.all([
      page.waitForRequest(/\/recordings\//),
      page.getByTestId('recording-play').click(),
    ]);
    await expect(page.getByTestId('recording-play')).toHaveAttribute('data-status', 'playing');

    const frame = await openForeignPage(page.context(), foreign, origin);
    const played = frame.evaluate(
      (url) =>
        new Promise<boolean>((resolve) => {
          const audio = new Audio(url);
          audio.onloadedmetadata = () => resolve(true);
          audio.onerror = () => resolve(false);
        }),
      request.url(),
    );
    expect(await played).toBe(false);
    await expect.poll(() => [...new Set(refusals(app.log()))]).toEqual(['page 403 foreign page']);
    await foreign.close();
  });
}

for (const name of ['localhost', FOREIGN_NAME]) {
  test(`H29 the page under the name ${name} is refused with 403 and a log line, without the secret`, async ({
    app,
  }) => {
    app.allowErrors(/Failed to load resource|Cross-Origin-Opener-Policy header has been ignored/);
    const earshot = await app.open();
    const { origin, token } = app.host();
    const page = await earshot.page.context().newPage();
    const answer = await page.goto(`${origin.replace(new URL(origin).hostname, name)}/#token=${token}`);
    expect(answer?.status()).toBe(403);
    expect(await page.locator('body').textContent()).not.toContain(token);
    expect(await page.locator('script').count()).toBe(0);
    // The browser also requests the icon, which is refused for the same reason.
    await expect.poll(() => new Set(refusals(app.log()))).toEqual(new Set(['page 403 host']));
  });
}

test('H30 the printed link opens a tab that was loaded without the key, and the key leaves the address bar at once', async ({
  app,
}) => {
  const { page: first } = await app.open();
  const page = await first.context().newPage();
  await page.goto(app.host().origin);
  await expect(page.getByTestId('unreachable')).toBeVisible();
  // The addresses differ only in the fragment, so the browser does not reload the page.
  await page.goto(app.host().url);
  await new EarshotWindow(page).expectView('idle');
  expect(page.url()).toBe(`${app.host().origin}/`);
});

test('H30 the key that a tab stores for reloads is not available to other tabs', async ({ app }) => {
  const { page: first } = await app.open();
  const { origin, url, token } = app.host();
  const page = await first.context().newPage();
  await page.goto(url);
  await new EarshotWindow(page).expectView('idle');
  await page.reload();
  await new EarshotWindow(page).expectView('idle');
  expect(await page.evaluate(() => Object.entries(sessionStorage))).toEqual([['earshot.token', token]]);
  const other = await page.context().newPage();
  await other.goto(origin);
  await expect(other.getByTestId('unreachable')).toContainText('without its key');
  expect(await other.evaluate(() => sessionStorage.length)).toBe(0);
});
