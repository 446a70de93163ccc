import { expect, test } from './support/test.ts';

const LISTENING_STOPPED = /^Listening stopped because the (tab|window) was reloaded\. 0:0\d was saved\.$/;

test('H63 after a reload while listening the window says what was saved, and listens again at the next press', async ({
  app,
}) => {
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(2);
  await page.reload();
  await earshot.expectView('idle');

  const notice = page.getByTestId('interrupted-turn');
  await expect(notice).toHaveText(LISTENING_STOPPED);
  const [saved] = await app.recordings(1);
  if (!saved) throw new Error('no recording');
  expect(saved).toMatchObject({ complete: true, gaps: [] });
  expect(saved.duration_s).toBeGreaterThanOrEqual(2);
  // The notice has the recording's length, and the recording can be played.
  await expect(notice).toContainText(`0:0${Math.round(saved.duration_s)} was saved`);
  await expect(earshot.recording).toHaveAttribute('data-recording-id', saved.id);
  await earshot.play.click();
  await expect(earshot.play).toHaveAttribute('aria-label', /^Stop|^Pause/);

  // Another reload keeps the notice until it is dismissed or the mic is pressed.
  await page.reload();
  await expect(notice).toHaveText(LISTENING_STOPPED);
  await earshot.press();
  await earshot.expectView('listening');
  await expect(notice).toBeHidden();
  await earshot.expectListenedFor(1);
  await earshot.press();
  await earshot.expectView('idle');
  await app.recordings(2);
  // A turn that ended normally leaves nothing in the storage.
  expect(await page.evaluate(() => sessionStorage.getItem('earshot.turn'))).toBeNull();
  await page.reload();
  await earshot.expectView('idle');
  await expect(notice).toBeHidden();
  expect(app.log().filter(({ event }) => event === 'SESSION_EXPIRED')).toEqual([]);
});
