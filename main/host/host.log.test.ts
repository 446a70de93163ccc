import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { encodeAudioFrame } from '../../shared/audio-frame.ts';
import { LogLine, toLine } from '../../shared/log-line.ts';
import { parseServerMessage, type ServerMessage } from '../../shared/protocol.ts';
import { offerFor, readyFor } from '../testing/desktop-handshake.ts';
import { type Host, startHost } from './host.ts';

const list = async (host: Host) => (await host.handlers.listRecordings({ limit: 100 })).recordings;

/** All substrings of this length: a log that contains part of a secret leaks it too. */
const pieces = (text: string, length: number) =>
  Array.from({ length: Math.max(text.length - length + 1, 0) }, (_, at) => text.slice(at, at + length));

test('H47 the log of turns, resumes and hostile peers is valid line by line and contains no secret and no audio', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'earshot-host-log-'));
  const origin = 'earshot://app';
  const host = await startHost({ dataDir, origin, version: '1.2.3', shell: 'desktop' });
  const audio = new Int16Array(new Uint8Array(randomBytes(640)).buffer);
  const secrets = [host.token];

  async function connectClient(sessionId?: string, resume?: string) {
    const query = `?user_id=ada${sessionId ? `&session_id=${sessionId}` : ''}`;
    const offered = offerFor(host, resume);
    const socket = new WebSocket(`${host.voiceUrl()}${query}`, offered, { origin });
    const received: ServerMessage[] = [];
    socket.on('message', (data) => {
      const parsed = parseServerMessage(String(data));
      if (parsed.kind === 'message') received.push(parsed.message);
    });
    const until = async <Event extends ServerMessage['event']>(event: Event) => {
      for (;;) {
        const found = received.find((m): m is Extract<ServerMessage, { event: Event }> => m.event === event);
        if (found) return found;
        await once(socket, 'message');
      }
    };
    const welcome = await until('connected');
    secrets.push(welcome.resume_token);
    const send = (message: unknown) => socket.send(JSON.stringify(message));
    const ready = readyFor(host, offered, welcome);
    send(ready);
    return { socket, welcome, ready, send, until };
  }

  let client = await connectClient();
  client.send({ event: 'start' });
  await client.until('voice_state');
  let seq = 0;
  for (let cut = 0; cut < 3; cut++) {
    const acknowledged = client.until('audio_ack');
    for (let i = 0; i < 10; i++) client.socket.send(encodeAudioFrame(seq, seq++ * 20, audio));
    await acknowledged;
    client.socket.terminate();
    client = await connectClient(client.welcome.session_id, client.welcome.resume_token);
    expect(client.welcome).toMatchObject({ resumed: true, received_through: seq - 1 });
  }
  // A peer that sends its secrets or its audio in the wrong places.
  for (const secret of secrets) {
    const hostile = new WebSocket(`${host.voiceUrl()}?user_id=${secret}&token=${secret}`, [`voice.v1`, secret], {
      origin,
    });
    const [, refused] = await once(
      hostile.on('error', () => undefined),
      'unexpected-response',
    );
    refused.resume();
    client.send({ ...client.ready, token: secret });
    client.send({ event: 'ping', id: secret, client_time: 1 });
  }
  client.send({ event: 'ping', id: 'last', client_time: 1 });
  await client.until('pong');
  client.socket.send(Buffer.concat([Buffer.from(audio.buffer), Buffer.from(audio.buffer)]));
  await client.until('error');
  client.send({ event: 'stop' });
  await vi.waitFor(async () => expect((await list(host))[0]?.complete).toBe(true));
  client.socket.terminate();
  await host.stop();

  const history = await host.handlers.getLogHistory();
  const file = await readFile(join(dataDir, 'logs', 'earshot.log'), 'utf8');
  const lines = file.split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => LogLine.parse(JSON.parse(line)))).toEqual(history.map(toLine));
  expect(history.map(({ seq }) => seq)).toEqual(history.map((_, i) => i + 1));
  expect(history.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['SESSION_RESUMED', 'AUDIO', 'WS_REFUSED', 'WARNING', 'RECORDING_SAVED', 'APP_STOPPING']),
  );

  expect(new Set(secrets).size).toBe(5);
  for (const secret of secrets) for (const piece of pieces(secret, 12)) expect(file).not.toContain(piece);
  const bytes = Buffer.from(audio.buffer);
  // Bytes have three base64 forms, depending on their offset.
  const written = [0, 1, 2].flatMap((from) =>
    (['base64', 'base64url'] as const).map((to) => bytes.subarray(from).toString(to)),
  );
  for (const form of [...written, bytes.toString('hex'), [...bytes].join(','), [...audio].join(',')]) {
    for (const piece of pieces(form, 16)) expect(file).not.toContain(piece);
  }
  await rm(dataDir, { recursive: true, force: true });
});
