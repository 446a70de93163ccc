import { describe, expect, test, vi } from 'vitest';
import { CLOSE, RESUME_WINDOW_MS } from '../../shared/protocol.ts';
import { text } from '../../testing/websocket-frames.ts';
import {
  callsOf,
  countLogged,
  eventually,
  expectNothingLeft,
  listeningClient,
  loseConnection,
} from '../testing/resume-rig.ts';
import {
  type Rig,
  rawSocket,
  readyAfter,
  reconnect,
  samplesOf,
  startRig,
  TestClient,
  upgradeRequest,
  welcomeIn,
} from '../testing/voice-rig.ts';

let rig: Rig;
expectNothingLeft(() => rig);

describe('a lost session', () => {
  test('does not count towards the limit on connections', async () => {
    rig = await startRig({ limits: { connections: 1 } });
    const { client, welcome } = await listeningClient(rig);
    expect(rig.server.accepting).toBe(false);
    await loseConnection(rig, client, welcome);
    expect([rig.server.accepting, rig.manager.size, rig.manager.sessions, rig.manager.lost]).toEqual([true, 0, 1, 1]);
    await reconnect(rig, welcome).until('connected');
  });

  test('ends, with its recording finished, if more are lost than the limit and it was lost first', async () => {
    rig = await startRig({ limits: { lostSessions: 2 } });
    const clients = [await listeningClient(rig, 'a'), await listeningClient(rig, 'b'), await listeningClient(rig, 'c')];
    for (const { client, welcome } of clients) await loseConnection(rig, client, welcome);
    await rig.untilLogged('SESSION_EXPIRED', ({ session }) => session === clients[0]?.welcome.session_id);
    expect([rig.manager.lost, rig.turns.map((turn) => turn.finished)]).toEqual([2, [true, false, false]]);
    expect(callsOf(rig, 'expired')).toHaveLength(1);
  });

  test('ends after the resume window with its turn and recording, and can no longer be resumed', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    client.sendFrames(0, 9);
    await client.until('audio_ack');
    client.socket.terminate();
    await rig.untilLogged('SESSION_LOST');
    vi.advanceTimersByTime(RESUME_WINDOW_MS - 1);
    expect([rig.manager.lost, rig.turns[0]?.finished]).toEqual([1, false]);
    vi.advanceTimersByTime(1);
    expect([rig.manager.sessions, rig.turns[0]?.finished, rig.turns[0]?.pcm]).toEqual([0, true, samplesOf(0, 9)]);
    expect([countLogged(rig, 'SESSION_EXPIRED'), callsOf(rig, 'expired').length, vi.getTimerCount()]).toEqual([
      1, 1, 0,
    ]);
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
  });

  test('is kept after a heartbeat timeout too', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    rig = await startRig();
    const socket = await rawSocket(rig.port);
    let output = '';
    socket.on('data', (chunk) => {
      output += chunk.toString('latin1');
    });
    const request = upgradeRequest(rig.port);
    socket.write(request);
    await vi.waitFor(() => expect(output).toContain('"connected"'));
    const session = rig.logged.find((entry) => entry.event === 'WS_CONNECT')?.fields.session;
    const send = (message: object) => socket.write(text(JSON.stringify(message)));
    send(readyAfter(rig.port, request, welcomeIn(output)));
    send({ event: 'start' });
    await rig.untilLogged('VOICE_STATE');
    // This peer never answers a ping.
    vi.advanceTimersByTime(25_000);
    await rig.untilLogged('WARNING', (fields) => fields.type === 'peer_silent');
    await rig.untilLogged('SESSION_LOST', (fields) => fields.session === session);
    const token = /"resume_token":"([^"]+)"/.exec(output)?.[1];
    const resumedClient = new TestClient(rig.url('raw', String(session)), { resume: token ?? '' });
    expect(await resumedClient.until('connected')).toMatchObject({ resumed: true });
    socket.destroy();
  });
});

describe('a session ends immediately, without waiting for a resume, if', () => {
  test.each([CLOSE.done, CLOSE.protocolError])('the client closes with %i', async (code) => {
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    client.sendFrames(0, 4);
    client.socket.close(code);
    await client.closed;
    await eventually(() => expect([rig.manager.sessions, rig.turns[0]?.finished]).toEqual([0, true]));
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 4));
    expect(countLogged(rig, 'SESSION_LOST')).toBe(0);
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
  });

  test('the client closes with 1001, as a closed page does', async () => {
    rig = await startRig();
    const { client } = await listeningClient(rig);
    client.socket.close(CLOSE.goingAway);
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect([rig.turns[0]?.finished, countLogged(rig, 'SESSION_LOST')]).toEqual([true, 0]);
  });

  test('the strike limit is reached (1008), and then cannot be resumed even during the closing handshake', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    // This peer never answers the close.
    client.socket.pause();
    for (let i = 0; i < 3; i++) client.send('not json');
    await eventually(() => expect(countLogged(rig, 'WARNING')).toBe(3));
    expect(rig.manager.size).toBe(1);
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
    client.socket.terminate();
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect([rig.turns[0]?.finished, countLogged(rig, 'SESSION_LOST')]).toEqual([true, 0]);
  });

  test('a message is larger than 64 KiB (1009)', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    client.socket.send(Buffer.alloc(64 * 1024 + 1));
    expect((await client.closed).code).toBe(CLOSE.tooLarge);
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect([rig.turns[0]?.finished, countLogged(rig, 'SESSION_LOST')]).toEqual([true, 0]);
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
  });

  test('its client never answered a welcome', async () => {
    rig = await startRig();
    const client = new TestClient(rig.url(), { autoReady: false });
    const welcome = await client.until('connected');
    client.socket.terminate();
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect(countLogged(rig, 'SESSION_LOST')).toBe(0);
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
  });
});

test('closing the manager ends all sessions, connected, lost or not yet ready, and finishes their recordings', async () => {
  rig = await startRig();
  const connected = await listeningClient(rig, 'connected');
  const lost = await listeningClient(rig, 'lost');
  connected.client.sendFrames(0, 9);
  await connected.client.until('audio_ack');
  await loseConnection(rig, lost.client, lost.welcome);
  const notReady = new TestClient(rig.url(), { autoReady: false });
  await notReady.until('connected');
  await Promise.all([rig.server.stop(), rig.manager.close()]);
  expect((await connected.client.closed).code).toBe(CLOSE.goingAway);
  expect(rig.turns.map(({ finished }) => finished)).toEqual([true, true]);
  expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 9));
  // Only the session that was lost before. The others end: there is no server to resume at.
  expect(countLogged(rig, 'SESSION_LOST')).toBe(1);
  expect([rig.manager.full, rig.manager.hasRoom]).toEqual([true, false]);
});
