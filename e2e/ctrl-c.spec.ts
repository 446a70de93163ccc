import { once } from 'node:events';
import { WebSocket } from 'ws';
import { FRAME_SAMPLES } from '../shared/audio-format.ts';
import { encodeAudioFrame } from '../shared/audio-frame.ts';
import {
  CLOSE,
  type ClientMessage,
  PROTOCOL,
  parseServerMessage,
  type ServerMessage,
  TOKEN_PREFIX,
} from '../shared/protocol.ts';
import { seconds } from './support/audio/level.ts';
import type { Addresses } from './support/host-process.ts';
import { expect, test } from './support/test.ts';

/** A client that speaks the protocol by hand, so that the test sees the close code itself. */
class HandMadeClient {
  readonly #socket: WebSocket;
  readonly #heard: ServerMessage[] = [];
  readonly closed: Promise<number>;

  constructor({ voice_url, token, origin }: Addresses) {
    this.#socket = new WebSocket(`${voice_url}?user_id=by-hand`, [PROTOCOL, `${TOKEN_PREFIX}${token}`], { origin });
    this.#socket.on('message', (data) => {
      const parsed = parseServerMessage(String(data));
      if (parsed.kind === 'message') this.#heard.push(parsed.message);
    });
    this.closed = once(this.#socket, 'close').then(([code]) => code as number);
  }

  say(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  sendFrame(seq: number): void {
    this.#socket.send(encodeAudioFrame(seq, seq * 20, new Int16Array(FRAME_SAMPLES).fill(1000)));
  }

  async hear<Event extends ServerMessage['event']>(
    event: Event,
    matches: (message: Extract<ServerMessage, { event: Event }>) => boolean,
  ): Promise<Extract<ServerMessage, { event: Event }>> {
    type Wanted = Extract<ServerMessage, { event: Event }>;
    const find = () =>
      this.#heard.find((message): message is Wanted => message.event === event && matches(message as Wanted));
    let found = find();
    while (!found) {
      await once(this.#socket, 'message', { signal: AbortSignal.timeout(10_000) });
      found = find();
    }
    return found;
  }
}

/** 600 ms: a whole number of the server's acknowledgements, one every ten frames. */
const FRAMES = 30;

test('Ctrl-C while listening: sessions are closed with 1001, the recording is finished, the exit code is 0', async ({
  app,
}) => {
  const host = await app.runHost();
  const client = new HandMadeClient(host);
  const { session_id } = await client.hear('connected', () => true);
  client.say({ event: 'ready', session_id });
  client.say({ event: 'start' });
  await client.hear('voice_state', (message) => message.state === 'listening');
  for (let seq = 0; seq < FRAMES; seq++) client.sendFrame(seq);
  await client.hear('audio_ack', (message) => message.through >= FRAMES - 1);

  expect(await host.stop(), 'exit code').toBe(0);
  expect(await client.closed, 'close code').toBe(CLOSE.goingAway);
  const [kept] = await app.recordings(1);
  if (!kept) throw new Error('no recording');
  expect(kept).toMatchObject({ session_id, complete: true, gaps: [] });
  expect(seconds(kept.sound)).toBeCloseTo(FRAMES * 0.02, 6);
  await expect(fetch(host.url)).rejects.toThrow();
});

test('Ctrl-C under an open window: the window says that its server is gone', async ({ app }) => {
  app.allowErrors(/WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/);
  const earshot = await app.open();
  await earshot.press();
  await earshot.expectView('listening');
  await app.host().stop();
  await earshot.expectView('reconnecting');
  await app.recordings(1);
  await earshot.press();
  await earshot.expectView('idle');
});
