import { expect, test } from './support/test.ts';

test('after Ctrl-C an open tab reconnects, finishes the stopped turn, and can start the next one', async ({ app }) => {
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
  // The next turn can start before the last one is delivered.
  await earshot.press();
  await earshot.expectView('reconnecting');
});
