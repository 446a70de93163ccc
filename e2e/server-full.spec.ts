import { LIMITS } from '../main/voice/limits.ts';
import { en } from '../renderer/text/en.ts';
import type { TestVoiceClient } from '../testing/voice-client.ts';
import { expect, test } from './support/test.ts';
import { connectVoiceClient } from './support/voice-client.ts';

test('H27 a window above the connection limit says what to do, and can listen after another one is closed', async ({
  app,
}) => {
  app.allowErrors(/console: WebSocket connection to .* failed|log: .* type=server_full/);
  const earshot = await app.open();
  const clients: TestVoiceClient[] = [];
  while (clients.length < LIMITS.connections) {
    const client = connectVoiceClient(app.host());
    clients.push(client);
    // Connect one after the other, because only a few connections may wait for `ready` at once.
    await client.startTurn();
  }

  await earshot.press();
  await earshot.expectView('error');
  await expect(earshot.problem).toContainText(en.problems.server_full.title);
  await expect(earshot.problem).toContainText(en.problems.server_full.action);
  await expect(earshot.retry).toBeVisible();
  await earshot.expectLogged('server', 'status=503');

  const views = await earshot.recordViews();
  await earshot.retry.click();
  await expect.poll(async () => (await views()).at(-1)).toBe('error');
  const [leaving, ...staying] = clients;
  await leaving?.close();
  await earshot.retry.click();
  await earshot.expectView('listening');
  await expect(earshot.problem).toBeHidden();

  // No connected client was disconnected.
  for (const client of staying) client.send({ event: 'ping', id: 'still here', client_time: 0 });
  await Promise.all(staying.map((client) => client.until('pong')));
  await earshot.press();
  await earshot.expectView('idle');
  await Promise.all(staying.map((client) => client.close()));
});
