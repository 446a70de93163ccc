import { expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

test('after a restart with the same data, settings and recordings are kept, and a new recording is added', async ({
  app,
}) => {
  // The open tab tries to reconnect, which causes these errors.
  app.allowErrors(/WebSocket connection to .* failed|ERR_CONNECTION_(?:REFUSED|RESET)|ERR_EMPTY_RESPONSE/);
  const before = await app.open();
  await recordTurn(before);
  await recordTurn(before);
  await before.page.getByTestId('settings').click();
  await before.page.getByRole('radio', { name: 'Dark' }).click();
  await expect(before.page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await before.page.keyboard.press('Escape');
  const previous = await app.recordings(2);
  const { token } = app.host();
  expect(await app.host().stop(), 'exit code').toBe(0);

  await app.runHost();
  expect(app.host().token).not.toBe(token);
  const after = await app.open();
  await after.showRecordings();
  await expect(after.recordingRows).toHaveCount(2);
  await after.page.getByTestId('settings').click();
  await expect(after.page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await after.page.keyboard.press('Escape');
  await recordTurn(after);
  const all = await app.recordings(3);
  expect(all.slice(0, 2)).toEqual(previous);
  await expect(after.recordingRows).toHaveCount(3);
});

/** Records a turn of one second. */
async function recordTurn(earshot: EarshotWindow): Promise<void> {
  await earshot.recordTurn(1);
  await expect(earshot.recording).toBeVisible();
}
