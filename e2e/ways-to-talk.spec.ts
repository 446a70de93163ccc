import { HOLD_MS } from '../renderer/voice/talk-decision.ts';
import { expect, test } from './support/test.ts';

test('a paused turn is one recording without the pause, and its JSON says where it was', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.press();
  await earshot.expectListenedFor(1);
  await page.getByTestId('pause').click();
  await earshot.expectView('paused');
  const shown = await earshot.seconds();
  await expect(earshot.status).toContainText('Paused');
  await page.getByTestId('pause').click();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(shown + 1);
  await earshot.press();
  await earshot.expectView('idle');
  const [recording] = await app.recordings(1);
  expect(recording?.pauses).toEqual([{ at_s: expect.any(Number), seconds: expect.any(Number) }]);
  expect(recording?.gaps).toEqual([]);
});

test('the mic button and Space talk while they are held, and a short press toggles', async ({ app }) => {
  const earshot = await app.open();
  const { page, mic } = earshot;
  await mic.hover();
  await page.mouse.down();
  await earshot.expectView('listening');
  // Longer than a press in any case: the clock of the turn has reached a second.
  await earshot.expectListenedFor(Math.ceil(HOLD_MS / 1_000));
  await page.mouse.up();
  await earshot.expectView('idle');
  await page.keyboard.down('Space');
  await earshot.expectView('listening');
  await earshot.expectListenedFor(Math.ceil(HOLD_MS / 1_000));
  await page.keyboard.up('Space');
  await earshot.expectView('idle');
  await page.keyboard.press('Space');
  await earshot.expectView('listening');
  // Shorter recordings are not saved.
  await earshot.expectListenedFor(1);
  await page.keyboard.press('Space');
  await earshot.expectView('idle');
  await app.recordings(3);
});

test('a muted turn records silence, and says so', async ({ app }) => {
  const earshot = await app.open();
  await earshot.press();
  await earshot.expectListenedFor(1);
  await earshot.page.keyboard.press('Alt+m');
  await expect(earshot.status).toContainText('Muted');
  await earshot.expectListenedFor(2);
  await earshot.press();
  await earshot.expectView('idle');
  const [recording] = await app.recordings(1);
  expect(recording?.microphone?.at(-1)?.status).toBe('muted_in_app');
});
