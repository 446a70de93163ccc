import { rawRequest } from '../main/testing/raw-request.ts';
import { CLOSE } from '../shared/protocol.ts';
import { seconds } from '../testing/audio/level.ts';
import { RawClient } from './support/raw-client.ts';
import { expect, test } from './support/test.ts';

const FRAMES = 30;

test('Ctrl-C while listening: sessions are closed with 1001, the recording is finished, the exit code is 0', async ({
  app,
}) => {
  const host = await app.runHost();
  const client = new RawClient(host);
  const session_id = await client.listen();
  for (let seq = 0; seq < FRAMES; seq++) client.sendFrame(seq);
  // Messages are heard in order: the answer to this one comes when the server has all that was sent before it.
  client.say({ event: 'ping', id: 1, client_time: 0 });
  await client.hear('pong', () => true);

  expect(await host.stop(), 'exit code').toBe(0);
  expect(await client.closed, 'close code').toBe(CLOSE.goingAway);
  const [kept] = await app.recordings(1);
  if (!kept) throw new Error('no recording');
  expect(kept).toMatchObject({ session_id, complete: true, gaps: [] });
  expect(seconds(kept.sound)).toBeCloseTo(FRAMES * 0.02, 6);
  await expect(rawRequest(Number(new URL(host.voice_url).port), '/')).rejects.toThrow('ECONNREFUSED');
});
