import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';

// A window's log panel shows the window's own events even while its host can't record them.

/** How long the desktop app's main process is blocked (ms). A window gives up the connection after 3 s. */
const BUSY_MS = 5_000;

/** Collects, in the page, the events that it shows as not yet recorded. @returns reads them */
async function recordUnrecordedEvents(page: Page): Promise<() => Promise<string[]>> {
  const seen = await page.evaluateHandle(() => {
    const events = new Set<string>();
    const look = () => {
      for (const row of document.querySelectorAll('[data-testid="log-row"][data-waiting]'))
        events.add(row.getAttribute('data-event') ?? '');
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    return events;
  });
  return () => seen.evaluate((events) => [...events]);
}

test('while the host is suspended, the panel marks the window’s own events as not yet recorded; afterwards each is logged once', async ({
  app,
  shell,
}) => {
  app.allowErrors(/WebSocket connection to .* failed/);
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.showLog();
  await earshot.showEveryLine();
  await earshot.press();
  await earshot.expectListenedFor(2);
  const unrecorded = await recordUnrecordedEvents(page);
  expect(await unrecorded()).toEqual([]);
  const expectedEvents = expect.arrayContaining(['AUDIO', 'WS_FROZEN']);
  if (shell === 'electron') {
    // Collect the rows in the page, because Playwright can't read it while the main process is blocked.
    await app.electron().evaluate((_electron, ms) => {
      const end = performance.now() + ms;
      while (performance.now() < end);
    }, BUSY_MS);
    expect(await unrecorded()).toEqual(expectedEvents);
  } else {
    process.kill(app.host().pid, 'SIGSTOP');
    await expect.poll(unrecorded).toEqual(expectedEvents);
    process.kill(app.host().pid, 'SIGCONT');
  }

  await earshot.expectView('listening');
  await expect(page.getByTestId('log-waiting')).toHaveCount(0);
  await earshot.press();
  await earshot.expectView('idle');
  await app.recordings(1);
  // The log file has every event exactly once.
  await expect.poll(() => app.log().filter(({ event }) => event === 'WS_FROZEN')).toHaveLength(1);
  const own = app.log().filter(({ side }) => side === 'client');
  expect(new Set(own.map(({ time, text }) => `${time} ${text}`)).size).toBe(own.length);
  const audio = own.filter(({ event }) => event === 'AUDIO').map(({ time }) => time);
  const steps = audio.slice(1).map((time, i) => time - (audio[i] ?? 0));
  // There is one AUDIO line a second, also during the suspension.
  expect(Math.max(...steps)).toBeLessThan(2_500);
});

test('after the host has ended, the window’s own events are in the panel and in copies of it', async ({
  app,
  shell,
}) => {
  test.skip(shell === 'electron', 'a window of the desktop app ends with its host');
  app.allowErrors(/WebSocket connection to .* failed|ERR_CONNECTION_(?:REFUSED|RESET)|ERR_EMPTY_RESPONSE/);
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.showLog();
  await earshot.showEveryLine();
  await page.context().grantPermissions(['microphone', 'clipboard-read', 'clipboard-write']);
  await earshot.press();
  await earshot.expectListenedFor(1);
  await app.host().kill();
  const row = page.locator('[data-testid="log-row"][data-waiting][data-event="RECONNECTING"]');
  await expect(row.first()).toContainText('not yet recorded');
  await expect(page.getByTestId('log-cut-off')).toContainText('not yet recorded.');
  await page.getByRole('button', { name: 'Copy all lines shown' }).click();
  const copied = (await page.evaluate(() => navigator.clipboard.readText())).split('\n');
  expect(copied.find((line) => line.includes('APP_STARTED'))).not.toContain('not yet recorded');
  expect(copied.find((line) => line.includes('Reconnecting in'))).toMatch(/ {2}\(not yet recorded\)$/);
  await earshot.press();
});
