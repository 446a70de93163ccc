import { once } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { encodeAudioFrame } from '../../shared/audio-frame.ts';
import { CLOSE } from '../../shared/protocol.ts';
import { binary, text } from '../../testing/websocket-frames.ts';
import { createLaunchProofs } from '../guard/launch-proofs.ts';
import {
  type Rig,
  rawSocket,
  readyAfter,
  recordingMetrics,
  startRig,
  TestClient,
  upgradeRequest,
  watchRejections,
  welcomeIn,
} from '../testing/voice-rig.ts';
import { createVoiceServer } from './server.ts';
import { MAX_SETTLE_MS } from './settle-delay.ts';

let rig: Rig;
const unhandled = watchRejections();

afterEach(async () => {
  vi.useRealTimers();
  await rig.stop();
  expect([rig.manager.size, rig.manager.pending, rig.manager.sessions, rig.manager.lost]).toEqual([0, 0, 0, 0]);
});

/** Resolves when the server has no session. */
async function empty(): Promise<void> {
  await vi.waitFor(() => expect(rig.server.sessions).toBe(0), { timeout: 10_000, interval: 5 });
}

describe('the handshake', () => {
  test('H01 10,000 connections, 50 at a time: unique session ids, connected comes first, none fails', async () => {
    // Raises the limits, because 50 at a time exceeds those of the app (32 connections, 8 of them pending).
    rig = await startRig({ limits: { connections: 200, pending: 200 } });
    const ids = new Set<string>();
    const failed: unknown[] = [];
    const visit = async (): Promise<void> => {
      const client = new TestClient(rig.url());
      const connected = await Promise.race([client.until('connected'), client.closed]);
      client.socket.close(1000);
      const end = await client.closed;
      // On a busy machine the welcome may be sent twice with the same content.
      const named = new Set(client.received.map((m) => (m.event === 'connected' ? m.session_id : m.event)));
      if ('event' in connected && named.size === 1) ids.add(connected.session_id);
      else failed.push({ end, received: client.received });
    };
    const lane = async (): Promise<void> => {
      for (let i = 0; i < 200; i++) await visit();
    };
    await Promise.all(Array.from({ length: 50 }, lane));
    expect(failed).toEqual([]);
    expect(ids.size).toBe(10_000);
    await empty();
    // This takes ten seconds of CPU time; a busy machine may need many times that.
  }, 300_000);

  test('H02 a client that closes on open, 500 times: no exception, no attempt after the close', async () => {
    rig = await startRig({ limits: { connections: 600, pending: 600 } });
    const clients = Array.from({ length: 500 }, () => {
      const client = new TestClient(rig.url(), { autoReady: false });
      client.socket.on('open', () => client.socket.close());
      return client;
    });
    await Promise.all(clients.map((client) => client.closed));
    await empty();
    const count = (event: string) => rig.logged.filter((entry) => entry.event === event).length;
    expect(count('WS_CONNECT')).toBe(500);
    expect(count('WELCOME_ABORTED') + count('WS_READY')).toBe(500);
    expect(count('ERROR')).toBe(0);
    // On a busy machine the close may arrive after the next attempt, but no attempt follows the close.
    const over = new Set<unknown>();
    for (const { event, fields } of rig.logged) {
      if (event === 'WELCOME_ABORTED' || event === 'WS_DISCONNECT') over.add(fields.session);
      if (event === 'WS_SEND' || event === 'WELCOME_RETRY') expect(over).not.toContain(fields.session);
    }
    expect(over.size).toBe(500);
  });

  test('H03 a reset right after the upgrade, 100 times: no session is left and nothing is retried', async () => {
    rig = await startRig({ limits: { connections: 200, pending: 200 } });
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const socket = await rawSocket(rig.port);
        socket.write(upgradeRequest(rig.port));
        await once(socket, 'data');
        socket.resetAndDestroy();
      }),
    );
    await vi.waitFor(() => expect(rig.logged.filter((entry) => entry.event === 'WELCOME_ABORTED')).toHaveLength(100));
    await empty();
    expect(rig.logged.filter((entry) => entry.event === 'WS_CONNECT')).toHaveLength(100);
    expect(rig.logged.filter((entry) => entry.fields.type === 'send_connected_failed')).toEqual([]);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('H04 FIN with the upgrade request, or before it is complete: no session is left or becomes ready', async () => {
    rig = await startRig();
    const whole = await rawSocket(rig.port);
    whole.end(upgradeRequest(rig.port));
    const half = await rawSocket(rig.port);
    half.end(upgradeRequest(rig.port).slice(0, 80));
    await Promise.all([whole, half].map((socket) => once(socket.resume(), 'close')));
    await empty();
    expect(rig.logged.filter((entry) => entry.event === 'WS_READY')).toEqual([]);
    // The incomplete request never creates a session. A complete one is answered before its FIN is read, in the next
    // event loop iteration; then its session is aborted.
    const count = (event: string) => rig.logged.filter((entry) => entry.event === event).length;
    expect(count('WS_CONNECT')).toBeLessThanOrEqual(1);
    expect(count('WELCOME_ABORTED')).toBe(count('WS_CONNECT'));
  });

  test.each([
    ['once', 1, 2],
    ['twice', 2, 3],
  ])(
    'H06 ready withheld %s: the welcome is repeated with the same session id, and the session is kept',
    async (_, withheld, attempt) => {
      rig = await startRig();
      const client = new TestClient(rig.url(), { autoReady: false });
      const last = await client.until('connected', withheld + 1);
      expect(last.attempt).toBe(attempt);
      expect(new Set(client.received.map((m) => ('session_id' in m ? m.session_id : ''))).size).toBe(1);
      client.sendReady(last.session_id);
      await rig.untilLogged('WS_READY', (fields) => fields.attempts === attempt);
      expect(rig.server.sessions).toBe(1);
    },
  );

  test('H06 ready never sent: three attempts, send_connected_failed, close 4408, the session ends', async () => {
    rig = await startRig();
    const client = new TestClient(rig.url(), { autoReady: false });
    expect(await client.closed).toEqual({ code: CLOSE.welcomeUnacknowledged, reason: 'welcome not acknowledged' });
    expect(client.received.map((m) => (m.event === 'connected' ? m.attempt : m.event))).toEqual([1, 2, 3]);
    await rig.untilLogged('ERROR', (fields) => fields.type === 'send_connected_failed');
    await empty();
  });

  test('H07 a frame in the packet of the upgrade is not lost: refused before ready, accepted afterwards', async () => {
    rig = await startRig();
    const socket = await rawSocket(rig.port);
    const audio = encodeAudioFrame(0, 0, new Int16Array(320).fill(7));
    const request = upgradeRequest(rig.port);
    socket.write(Buffer.concat([Buffer.from(request), binary(audio)]));
    let output = '';
    socket.on('data', (chunk) => {
      output += chunk.toString('latin1');
    });
    await vi.waitFor(() => expect(output).toContain('"code":"not_ready"'));
    const ready = readyAfter(rig.port, request, welcomeIn(output));
    for (const message of [ready, { event: 'start' }]) {
      socket.write(text(JSON.stringify(message)));
    }
    socket.write(binary(audio));
    await vi.waitFor(() => expect(rig.turns[0]?.pcm).toEqual(Array(320).fill(7)));
    socket.destroy();
  });

  test('H08 two welcomes answered with ready: one session, ready once', async () => {
    rig = await startRig();
    const client = new TestClient(rig.url(), { autoReady: false });
    const second = await client.until('connected', 2);
    client.sendReady(second.session_id);
    client.sendReady(second.session_id);
    client.send({ event: 'ping', id: 1, client_time: 5 });
    expect(await client.until('pong')).toMatchObject({ id: 1, client_time: 5 });
    expect(rig.logged.filter((entry) => entry.event === 'WS_READY')).toHaveLength(1);
    expect(rig.server.sessions).toBe(1);
  });

  test('H10 no message of either side is lost while the welcome is delayed', async () => {
    rig = await startRig();
    const slow = new TestClient(rig.url(), { autoReady: false });
    slow.sendReady((await slow.until('connected', 2)).session_id);
    await rig.untilLogged('SETTLE_DELAY');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const client = new TestClient(rig.url());
    await once(client.socket, 'open');
    for (let id = 0; id < 10; id++) client.send({ event: 'ping', id, client_time: id });
    await client.until('pong', 10);
    expect(client.received.map((m) => (m.event === 'pong' ? m.id : m.event))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    vi.advanceTimersByTime(MAX_SETTLE_MS);
    vi.useRealTimers();
    await client.startTurn();
    client.sendFrame(0);
    await vi.waitFor(() => expect(rig.turns[0]?.pcm).toHaveLength(320));
  });
});

describe('a session', () => {
  test('answers start and stop, receives audio in order and acknowledges all of it at stop', async () => {
    rig = await startRig();
    const client = new TestClient(rig.url('anna'));
    const id = await client.startTurn();
    for (let seq = 0; seq < 25; seq++) client.sendFrame(seq);
    client.sendFrame(25, new Int16Array([1, 2, 3]));
    client.send({ event: 'stop' });
    const idle = await client.until('voice_state', 2);
    expect(idle).toEqual({ event: 'voice_state', session_id: id, state: 'idle' });
    expect(client.received.filter((m) => m.event === 'audio_ack').at(-1)).toMatchObject({ through: 25 });
    const expected = Array.from({ length: 25 }, (_, seq) => Array(320).fill(seq))
      .flat()
      .concat([1, 2, 3]);
    expect(rig.turns).toMatchObject([{ userId: 'anna', sessionId: id, turn: 1, finished: true, gaps: [] }]);
    expect(rig.turns[0]?.pcm).toEqual(expected);
  });

  test('logs a gap with its length and fills it, and drops duplicates', async () => {
    rig = await startRig();
    const client = new TestClient(rig.url());
    await client.startTurn();
    for (const seq of [0, 1, 1, 0, 5, 5, 6]) client.sendFrame(seq);
    client.send({ event: 'stop' });
    await client.until('voice_state', 2);
    expect(rig.turns[0]?.gaps).toEqual([3 * 320]);
    expect(rig.turns[0]?.pcm).toEqual([0, 1, 5, 6].flatMap((n) => Array(320).fill(n)));
    await rig.untilLogged('AUDIO_GAP', (fields) => fields.frames === 3 && fields.seconds === 0.06);
    await rig.untilLogged('AUDIO', (fields) => fields.missing === 3 && fields.duplicates === 3);
  });

  test('continues its seqs across turns, with one recording per turn', async () => {
    rig = await startRig();
    const client = new TestClient(rig.url());
    await client.startTurn();
    client.sendFrame(0);
    client.send({ event: 'stop' });
    client.send({ event: 'start' });
    client.sendFrame(1);
    client.send({ event: 'stop' });
    await client.until('voice_state', 4);
    expect(rig.turns.map(({ turn, pcm, gaps }) => [turn, pcm[0], pcm.length, gaps.length])).toEqual([
      [1, 0, 320, 0],
      [2, 1, 320, 0],
    ]);
  });

  test('answers a repeated start or stop without any effect', async () => {
    rig = await startRig();
    const client = new TestClient(rig.url());
    await client.startTurn();
    client.send({ event: 'start' });
    client.send({ event: 'stop' });
    client.send({ event: 'stop' });
    await client.until('voice_state', 4);
    expect(client.received.flatMap((m) => (m.event === 'voice_state' ? [m.state] : []))).toEqual([
      'listening',
      'listening',
      'idle',
      'idle',
    ]);
    expect(rig.turns).toHaveLength(1);
  });

  test('logs and ignores an unknown event, and closes with 1008 after three malformed messages', async () => {
    rig = await startRig();
    const client = new TestClient(rig.url());
    await client.until('connected');
    client.send({ event: 'dance', tempo: 120 });
    await rig.untilLogged('WARNING', (fields) => fields.type === 'unknown_event' && fields.detail === 'dance');
    client.send('{"event":"ping","id":null}');
    client.send('not json');
    client.send({ event: 'constructor' });
    client.send('[]');
    expect(await client.closed).toMatchObject({ code: CLOSE.policy });
    expect(client.received.flatMap((m) => (m.event === 'error' ? [m.code] : []))).toEqual(Array(3).fill('bad_message'));
  });

  test('answers audio while idle with an error and drops it', async () => {
    rig = await startRig();
    const client = new TestClient(rig.url());
    await client.until('connected');
    client.sendFrame(0);
    expect(await client.until('error')).toMatchObject({ code: 'not_listening' });
    expect(rig.turns).toEqual([]);
  });

  test.each([
    ['odd', 11],
    ['empty', 8],
    ['too long', 650],
    ['shorter than its header', 3],
  ])('answers a frame that is %s with an error and drops it; the turn continues', async (_, bytes) => {
    rig = await startRig();
    const client = new TestClient(rig.url());
    await client.startTurn();
    client.socket.send(Buffer.alloc(bytes));
    expect(await client.until('error')).toMatchObject({ code: 'bad_audio' });
    client.sendFrame(0, new Int16Array(320).fill(9));
    await vi.waitFor(() => expect(rig.turns[0]?.pcm).toEqual(Array(320).fill(9)));
  });

  test('treats a gap of more than a minute as a protocol error', async () => {
    rig = await startRig();
    const client = new TestClient(rig.url());
    await client.startTurn();
    client.sendFrame(3_001);
    expect(await client.until('error')).toMatchObject({ code: 'bad_audio' });
    client.sendFrame(0);
    await vi.waitFor(() => expect(rig.turns[0]?.pcm).toHaveLength(320));
    expect(rig.turns[0]?.gaps).toEqual([]);
  });

  test('ends its turn and finishes the recording when the client ends the session', async () => {
    rig = await startRig();
    const client = new TestClient(rig.url());
    await client.startTurn();
    client.sendFrame(0);
    await vi.waitFor(() => expect(rig.turns[0]?.pcm).toHaveLength(320));
    client.socket.close(1000);
    await vi.waitFor(() => expect(rig.turns[0]?.finished).toBe(true));
  });

  test('reports a failed recording to the client and continues', async () => {
    rig = await startRig({
      sink: {
        begin: () => ({
          write: () => true,
          gap: () => true,
          microphone: () => undefined,
          pause: () => undefined,
          finish: () => Promise.reject(new Error('disk full')),
        }),
      },
    });
    const client = new TestClient(rig.url());
    await client.startTurn();
    client.send({ event: 'stop' });
    expect(await client.until('error')).toMatchObject({ code: 'recording_failed', message: 'disk full' });
    client.send({ event: 'start' });
    expect(await client.until('voice_state', 3)).toMatchObject({ state: 'listening' });
  });

  test('H26 three concurrent sessions: separate recordings, and a crash of one client does not affect others', async () => {
    rig = await startRig();
    const clients = ['one', 'two', 'three'].map((user) => new TestClient(rig.url(user)));
    const ids = await Promise.all(clients.map((client) => client.startTurn()));
    expect(new Set(ids).size).toBe(3);
    const tag = (n: number) => new Int16Array(320).fill(1000 * (n + 1));
    for (let seq = 0; seq < 50; seq++) {
      clients.forEach((client, n) => {
        // The first client crashes half-way.
        if (n === 0 && seq === 25) client.socket.terminate();
        if (n !== 0 || seq < 25) client.sendFrame(seq, tag(n));
      });
    }
    for (const client of clients.slice(1)) {
      client.send({ event: 'stop' });
      await client.until('voice_state', 2);
    }
    await vi.waitFor(() => expect(rig.turns.filter((turn) => turn.finished)).toHaveLength(2));
    // The turn of the crashed client stays open for a resume.
    await vi.waitFor(() => expect(rig.manager.lost).toBe(1));
    for (const turn of rig.turns) {
      const n = ids.indexOf(turn.sessionId);
      expect(new Set(turn.pcm)).toEqual(new Set([1000 * (n + 1)]));
      if (n > 0) expect(turn.pcm).toHaveLength(50 * 320);
    }
  });
});

describe('capacity and shutdown', () => {
  test('a connection over the limit gets 503 with Retry-After, and is accepted once another has left', async () => {
    rig = await startRig({ limits: { connections: 1 } });
    const first = new TestClient(rig.url());
    await first.until('connected');
    await rig.untilLogged('WS_READY');
    expect(rig.server.accepting).toBe(false);
    const second = new TestClient(rig.url());
    const [, response] = await once(second.socket, 'unexpected-response');
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('2');
    response.resume();
    first.socket.close(1000);
    await first.closed;
    await empty();
    expect(rig.server.accepting).toBe(true);
    await new TestClient(rig.url()).until('connected');
  });

  test('stop closes connections with 1001 and frees the port; closing the manager finishes recordings', async () => {
    rig = await startRig({ limits: { closeMs: 100 } });
    const client = new TestClient(rig.url());
    await client.startTurn();
    client.sendFrame(0);
    const silentSocket = await rawSocket(rig.port);
    silentSocket.write(upgradeRequest(rig.port));
    await once(silentSocket, 'data');
    silentSocket.pause();
    await vi.waitFor(() => expect(rig.turns[0]?.pcm).toHaveLength(320));
    const { port } = rig;
    await rig.server.stop();
    expect(await client.closed).toEqual({ code: CLOSE.goingAway, reason: 'server going away' });
    // All received audio is acknowledged before the close: the client counts the rest as lost.
    expect(client.received).toContainEqual(expect.objectContaining({ event: 'audio_ack', through: 0 }));
    expect(rig.server.port).toBeNull();
    expect([rig.manager.size, rig.manager.lost, rig.turns[0]?.finished]).toEqual([0, 1, false]);
    await rig.manager.close();
    expect([rig.manager.sessions, rig.turns[0]?.finished]).toEqual([0, true]);
    await expect(once(new TestClient(`ws://127.0.0.1:${port}/ws/voice?user_id=a`).socket, 'open')).rejects.toThrow(
      'ECONNREFUSED',
    );
    silentSocket.destroy();
  });

  test('a port in use is reported with a code and a sentence', async () => {
    rig = await startRig();
    const other = createVoiceServer({
      manager: rig.manager,
      proofs: createLaunchProofs('t'),
      origin: 'o',
      log: () => undefined,
      metrics: recordingMetrics(),
      port: rig.port,
    });
    await expect(other.start()).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining('Port'),
    });
  });
});
