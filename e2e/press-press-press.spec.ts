import { expect, test } from './support/test.ts';

test('press, press, press: connects, disconnects, connects again as a new session', async ({ app }) => {
  const earshot = await app.open();
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.press();
  await earshot.expectView('idle');
  await earshot.press();
  await earshot.expectView('listening');

  const connected = () => app.log().filter((record) => record.event === 'WS_CONNECTED');
  await expect.poll(() => connected().length).toBe(2);
  const [first, second] = connected();
  expect(first?.session_id).not.toBe(second?.session_id);
});
