import { refusals } from './support/refusals.ts';
import { expect, test } from './support/test.ts';
import { EarshotWindow } from './support/window.ts';

// The host of a tab restarts on the same port, as it does by default, while a tab of the previous launch is open.

const RESTART_NOTICE = 'Earshot was started again. Open the link it printed in the terminal.';

test.beforeEach(({ app }) => {
  app.allowErrors(/WebSocket connection to .* failed|ERR_CONNECTION_(?:REFUSED|RESET)|ERR_EMPTY_RESPONSE/);
});

const portOf = (origin: string) => Number(new URL(origin).port);

test('an open tab reports that its host was restarted, does not send its old secret, and works again with the printed link', async ({
  app,
}) => {
  const earshot = await app.open();
  const { page } = earshot;
  const previous = app.host();
  await previous.stop();
  await app.runHost({ port: portOf(previous.origin) });
  const { url, origin } = app.host();
  expect([origin, url === previous.url]).toEqual([previous.origin, false]);

  await expect(page.getByTestId('host-restarted')).toContainText(RESTART_NOTICE);
  await earshot.showLog();
  await expect(page.getByTestId('log-cut-off')).toContainText(RESTART_NOTICE);
  expect(refusals(app.log())).toEqual([]);

  await page.goto(url);
  await new EarshotWindow(page).expectView('idle');
  await expect(page.getByTestId('host-restarted')).toBeHidden();
});

test('a link of a previous launch and a reloaded tab say what to do', async ({ app }) => {
  const { page } = await app.open();
  const previous = app.host();
  await previous.stop();
  await app.runHost({ port: portOf(previous.origin) });
  await page.reload();
  await expect(page.getByTestId('unreachable')).toContainText(RESTART_NOTICE);

  const other = await page.context().newPage();
  await other.goto(previous.url);
  await expect(other.getByTestId('unreachable')).toContainText(RESTART_NOTICE);
  // There is no button to try again, because it could not help.
  await expect(other.getByRole('button')).toHaveCount(0);
  await other.goto(app.host().url);
  await new EarshotWindow(other).expectView('idle');
});

test('device ids stay the same after a restart of the host', async ({ app }) => {
  const { page } = await app.open();
  const idsOf = () =>
    page.evaluate(async () => (await navigator.mediaDevices.enumerateDevices()).map(({ deviceId }) => deviceId));
  const ids = await idsOf();
  expect(ids.length).toBeGreaterThan(0);
  expect(ids).not.toContain('');
  const previous = app.host();
  await previous.stop();
  await app.runHost({ port: portOf(previous.origin) });
  await page.goto(app.host().url);
  await new EarshotWindow(page).expectView('idle');
  expect(await idsOf()).toEqual(ids);
});
