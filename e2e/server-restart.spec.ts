import { expect, test } from './support/test.ts';

test('the voice server is restarted while listening: the window says so, and listens again by itself', async ({
  app,
}) => {
  const host = await app.runHost(['--import', 'tsx', 'e2e/support/restartable-host.ts']);
  const earshot = await app.open();
  await earshot.press();
  await earshot.expectView('listening');
  const first = await earshot.sessionId.textContent();
  await earshot.expectListenedFor(1);

  const views = await earshot.recordViews();
  expect(await host.tell('restart'), 'the same port').toBe(host.voice_url);
  await expect(earshot.sessionId).not.toHaveText(first ?? '');
  await earshot.expectView('listening');
  expect(await views()).toEqual(['reconnecting', 'listening']);
  await earshot.expectLogged('client', 'Reconnecting in');
  await earshot.expectListenedFor(1);
  await earshot.press();
  await earshot.expectView('idle');

  const [before, after] = await app.recordings(2);
  expect(before?.session_id).not.toBe(after?.session_id);
});
