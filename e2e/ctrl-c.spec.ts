import { rawRequest } from '../main/testing/raw-request.ts';
import { CLOSE } from '../shared/protocol.ts';
import { durationOf } from '../testing/audio/level.ts';
import { expect, test } from './support/test.ts';
import { connectVoiceClient } from './support/voice-client.ts';

const FRAMES = 30;

test('Ctrl-C while listening closes sessions with 1001, finishes the recording and exits with 0', async ({ app }) => {
  const host = await app.runHost();
  const client = connectVoiceClient(host);
  const session_id = await client.startTurn();
  for (let seq = 0; seq < FRAMES; seq++) client.sendFrame(seq);
  // Messages are handled in order: after the pong the server has received all frames.
  client.send({ event: 'ping', id: 1, client_time: 0 });
  await client.until('pong');

  expect(await host.stop(), 'exit code').toBe(0);
  expect((await client.closed).code, 'close code').toBe(CLOSE.goingAway);
  const [saved] = await app.recordings(1);
  if (!saved) throw new Error('no recording');
  expect(saved).toMatchObject({ session_id, complete: true, gaps: [] });
  expect(durationOf(saved.sound)).toBeCloseTo(FRAMES * 0.02, 6);
  await expect(rawRequest(Number(new URL(host.voice_url).port), '/')).rejects.toThrow('ECONNREFUSED');
});
