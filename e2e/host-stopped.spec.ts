import { expect, test } from './support/test.ts';

test('Ctrl-C under an open window: the window says that its server is gone', async ({ app }) => {
  app.allowErrors(/WebSocket connection to .* failed|ERR_CONNECTION_(?:REFUSED|RESET)|ERR_EMPTY_RESPONSE/);
  const earshot = await app.open();
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);
  await app.host().stop();
  await earshot.expectView('reconnecting');
  await app.recordings(1);
  await earshot.press();
  await earshot.expectView('stopping');
  await expect(earshot.status).toContainText('Finishing the last recording…');
  // The next turn begins although the former one is not delivered.
  await earshot.press();
  await earshot.expectView('reconnecting');
});
