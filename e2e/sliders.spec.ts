import type { Locator } from '@playwright/test';
import { addRecordings } from './support/add-recordings.ts';
import { expect, test } from './support/test.ts';

/** Focuses a slider as the keyboard does, and expects that it looks different then. A handle has no computed style. */
async function expectVisibleFocus(slider: Locator): Promise<void> {
  const picture = async () => (await slider.screenshot({ animations: 'disabled' })).toString('base64');
  await slider.blur();
  const before = await picture();
  await slider.focus();
  await slider.page().keyboard.press('Shift+Tab');
  await slider.page().keyboard.press('Tab');
  await expect(slider).toBeFocused();
  await expect.poll(picture).not.toBe(before);
}

test('the slider of the recording just made says its position in words and moves by keys', async ({ app }) => {
  const earshot = await app.open();
  await earshot.skipFirstSteps();
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(3);
  await earshot.press();
  await earshot.expectView('idle');
  const slider = earshot.recording.getByRole('slider');
  // It is on while the recording plays or is paused.
  await expect(slider).toHaveAttribute('aria-valuetext', /^0:00 of 0:0\d$/);
  const play = earshot.recording.getByTestId('recording-play');
  await play.click();
  await expect(play).toHaveAttribute('data-status', 'playing');
  await play.click();
  await expect(play).toHaveAttribute('data-status', 'paused');
  await expectVisibleFocus(slider);
  await slider.press('Home');
  await expect(slider).toHaveAttribute('aria-valuetext', /^0:00 of 0:0\d$/);
  await slider.press('ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuetext', /^0:01 of 0:0\d$/);
  await slider.press('PageUp');
  await expect(slider).toHaveAttribute('aria-valuetext', /^0:03 of 0:0\d$/);
  await slider.press('ArrowLeft');
  await expect(slider).toHaveAttribute('aria-valuetext', /^0:02 of 0:0\d$/);
});

test('the sliders of player and trim editor say their values in words, move by keys, and the handles by mouse', async ({
  app,
}) => {
  addRecordings(app.dataDir, 8);
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.skipFirstSteps();
  await page.setViewportSize({ width: 1280, height: 900 });
  await earshot.recordingRows.last().click();
  const position = page.getByTestId('recording-position');
  await expect(position).toHaveAttribute('aria-valuetext', /^0:00 of 0:09$/);
  await expectVisibleFocus(position);
  await position.press('End');
  await expect(position).toHaveAttribute('aria-valuetext', /^0:09 of 0:09$/);
  await position.press('ArrowLeft');
  await expect(position).toHaveAttribute('aria-valuetext', /^0:08 of 0:09$/);

  await page.getByTestId('recording-trim').click();
  const start = page.getByTestId('trim-start');
  const end = page.getByTestId('trim-end');
  await expect(end).toHaveAttribute('aria-valuetext', '0:09.0 of 0:09');
  await end.press('PageDown');
  await expect(end).toHaveAttribute('aria-valuetext', '0:08.0 of 0:09');
  await start.press('PageUp');
  await start.press('ArrowRight');
  await expect(start).toHaveAttribute('aria-valuetext', '0:01.1 of 0:09');
  await expectVisibleFocus(start);
  await expectVisibleFocus(end);
  // The handle can be taken beside its line, and the line stands at its time.
  const box = await page.locator('.trim .player-wave').boundingBox();
  if (box === null) throw new Error('The waveform is not shown.');
  const at = (seconds: number) => box.x + (seconds / 9) * box.width;
  await page.mouse.move(at(8) + 14, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(at(6), box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect(end).toHaveAttribute('aria-valuetext', /^0:0(5\.9|6\.[01]) of 0:09$/);
  if (process.env.EARSHOT_PICTURES) await page.screenshot({ path: `${process.env.EARSHOT_PICTURES}/trim.png` });
});
