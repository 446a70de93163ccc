import { once } from 'node:events';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CLOSE, type ConnectedMessage, RESUME_WINDOW_MS } from '../../shared/protocol.ts';
import { text } from '../../testing/websocket-frames.ts';
import {
  type Rig,
  rawSocket,
  readyAfter,
  reconnect,
  samplesOf,
  startRig,
  TestClient,
  upgradeRequest,
  watchRejections,
  welcomeIn,
} from '../testing/voice-rig.ts';

let rig: Rig;
watchRejections();

afterEach(async () => {
  await rig.stop();
  vi.useRealTimers();
  expect([rig.manager.size, rig.manager.pending, rig.manager.sessions, rig.manager.lost]).toEqual([0, 0, 0, 0]);
});

/** Retries `check` until it passes. Not for tests with fake timers. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 2 });
const count = (event: string) => rig.logged.filter((entry) => entry.event === event).length;
const metric = (name: string) => rig.measured.filter(([measured]) => measured === name);

/** A client in a turn, and its welcome. */
async function listeningClient(user = 'tester'): Promise<{ client: TestClient; welcome: ConnectedMessage }> {
  const client = new TestClient(rig.url(user));
  await client.startTurn();
  return { client, welcome: await client.until('connected') };
}

/** Terminates a client's socket; resolves once the server has noticed. */
async function lose(client: TestClient, welcome: ConnectedMessage): Promise<void> {
  const before = count('SESSION_LOST');
  client.socket.terminate();
  await eventually(() => expect(count('SESSION_LOST')).toBe(before + 1));
  expect(rig.logged.findLast((entry) => entry.event === 'SESSION_LOST')?.fields.session).toBe(welcome.session_id);
}

/** Terminates a client that has not answered its welcome; resolves once the server has noticed. */
async function leave(client: TestClient): Promise<void> {
  const before = count('WS_NEVER_READY');
  client.socket.terminate();
  await eventually(() => expect(count('WS_NEVER_READY')).toBe(before + 1));
}

/** Resolves when the server has handled the `ready` of a resumed client, so its previous token is invalid. */
async function resumed(times = 1): Promise<void> {
  await eventually(() => expect(count('SESSION_RESUMED')).toBe(times));
}

/** Stops the turn and waits until its recording is finished. */
async function finish(client: TestClient): Promise<void> {
  client.send({ event: 'stop' });
  await eventually(() => expect(client.received.at(-1)).toMatchObject({ event: 'voice_state', state: 'idle' }));
}

describe('a session whose connection broke', () => {
  test('can be resumed for 30 s, as its welcome says', async () => {
    rig = await startRig();
    const { welcome } = await listeningClient();
    expect(welcome).toMatchObject({ resumed: false, received_through: -1, resume_window_ms: RESUME_WINDOW_MS });
  });

  test('continues in the middle of its turn: one recording, identical sample by sample', async () => {
    rig = await startRig();
    const first = await listeningClient('ada');
    first.client.sendFrames(0, 29);
    await eventually(() => expect(rig.turns[0]?.pcm.length).toBeGreaterThanOrEqual(10 * 320));
    await lose(first.client, first.welcome);
    expect(rig.turns[0]?.finished).toBe(false);

    const again = reconnect(rig, first.welcome);
    const welcome = await again.until('connected');
    expect(welcome).toMatchObject({ session_id: first.welcome.session_id, user_id: 'ada', resumed: true, attempt: 1 });
    expect(welcome.resume_token).not.toBe(first.welcome.resume_token);
    // The turn is still open: no other start is needed.
    again.sendFrames(welcome.received_through + 1, 49);
    await finish(again);
    expect(rig.turns).toMatchObject([{ turn: 1, gaps: [], finished: true }]);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 49));
    expect([count('SESSION_LOST'), count('SESSION_RESUMED'), rig.manager.sessions]).toEqual([1, 1, 1]);
    expect(metric('resumed')).toEqual([['resumed', expect.any(Number)]]);
  });

  test('H61 a turn counts as stopped only if it was stopped on the connection on which it began', async () => {
    rig = await startRig();
    const first = await listeningClient();
    await finish(first.client);
    first.client.send({ event: 'start' });
    await eventually(() => expect(rig.turns).toHaveLength(2));
    await lose(first.client, first.welcome);
    const again = reconnect(rig, first.welcome);
    await again.until('connected');
    await finish(again);
    // The next turn begins on the new connection.
    again.send({ event: 'start' });
    await eventually(() => expect(rig.turns).toHaveLength(3));
    await finish(again);
    const left = await listeningClient();
    left.client.socket.close(CLOSE.done);
    await eventually(() =>
      expect(rig.turns.map(({ ending }) => ending)).toEqual(['stopped', 'interrupted', 'stopped', 'interrupted']),
    );
  });

  test('H52 records the state of the microphone once, even if the client repeats it after the resume', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient();
    const microphoneMessage = { event: 'microphone', label: 'Desk\u202e', instead_of: null } as const;
    client.send({ ...microphoneMessage, seq: 0, status: 'ok' });
    client.sendFrames(0, 9);
    client.send({ ...microphoneMessage, seq: 10, status: 'muted' });
    await eventually(() => expect(rig.turns[0]?.microphone).toHaveLength(2));
    await lose(client, welcome);
    const again = reconnect(rig, welcome);
    const through = (await again.until('connected')).received_through;
    expect(through).toBe(9);
    again.send({ ...microphoneMessage, seq: 0, status: 'ok' });
    again.send({ ...microphoneMessage, seq: 10, status: 'muted' });
    again.sendFrames(10, 19);
    await finish(again);
    expect(rig.turns[0]?.microphone).toEqual([
      { at: 0, label: 'Desk·', status: 'ok', instead_of: null },
      { at: 3_200, label: 'Desk·', status: 'muted', instead_of: null },
    ]);
  });

  test('acknowledges audio after its welcome, and accepts resent messages that were not answered', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient();
    client.sendFrames(0, 4);
    client.send({ event: 'stop' });
    await client.until('voice_state', 2);
    await lose(client, welcome);
    const again = reconnect(rig, welcome);
    expect((await again.until('connected')).received_through).toBe(4);
    again.send({ event: 'stop' });
    expect(await again.until('voice_state')).toMatchObject({ state: 'idle' });
    again.send({ event: 'start' });
    expect(await again.until('voice_state', 2)).toMatchObject({ state: 'listening' });
    again.sendFrames(5, 9);
    await finish(again);
    expect(again.received.filter((m) => m.event === 'audio_ack').map((m) => m.through)).toEqual([9]);
    expect(rig.turns.map(({ turn, pcm }) => [turn, pcm])).toEqual([
      [1, samplesOf(0, 4)],
      [2, samplesOf(5, 9)],
    ]);
  });

  test('can be lost and resumed repeatedly, each time with a new token', async () => {
    rig = await startRig();
    let { client, welcome } = await listeningClient();
    for (let round = 1; round <= 5; round++) {
      client.sendFrames(welcome.received_through + 1, round * 10 - 1);
      await lose(client, welcome);
      client = reconnect(rig, welcome);
      welcome = await client.until('connected');
      await resumed(round);
    }
    client.sendFrames(welcome.received_through + 1, 59);
    await finish(client);
    expect(rig.turns).toHaveLength(1);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 59));
  });

  test('lost between its welcome and ready: both the new and the used token are valid', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient();
    client.sendFrames(0, 9);
    await lose(client, welcome);

    const notReady = reconnect(rig, welcome, { autoReady: false });
    const second = await notReady.until('connected');
    await leave(notReady);
    // This client received the welcome; only its ready got lost.
    const withNewToken = reconnect(rig, second, { autoReady: false });
    await withNewToken.until('connected');
    await leave(withNewToken);
    // This one did not receive the welcome, so it has the previous token.
    const withPreviousToken = reconnect(rig, second);
    const last = await withPreviousToken.until('connected');
    await resumed();
    expect(metric('resumed')).toHaveLength(1);
    withPreviousToken.sendFrames(last.received_through + 1, 19);
    await finish(withPreviousToken);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 19));
    expect(rig.turns[0]?.gaps).toEqual([]);
  });

  test('sends the same token in every attempt of a welcome', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient();
    await lose(client, welcome);
    const again = reconnect(rig, welcome, { autoReady: false });
    const [one, two] = [await again.until('connected'), await again.until('connected', 2)];
    expect([one.resumed, one.attempt, two.attempt]).toEqual([true, 1, 2]);
    expect({ ...two, attempt: 1 }).toEqual(one);
    again.sendReady(two.session_id);
    await resumed();
    await lose(again, welcome);
    await reconnect(rig, one).until('connected');
    await resumed(2);
  });

  test('requires ready on each connection: earlier audio is refused, and strikes are kept', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient();
    client.send('not json');
    await client.until('error');
    await lose(client, welcome);
    const again = reconnect(rig, welcome, { autoReady: false });
    await again.until('connected');
    again.sendFrame(0);
    expect(await again.until('error')).toMatchObject({ code: 'not_ready' });
    again.send('not json');
    // Two strikes of the connection, added to the session's one with its ready.
    again.sendReady(welcome.session_id);
    expect((await again.closed).code).toBe(CLOSE.policy);
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect(rig.turns).toMatchObject([{ pcm: [], finished: true }]);
  });

  test('while idle: audio is still a strike, and duplicates are dropped in the next turn', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient();
    client.sendFrames(0, 3);
    await finish(client);
    await lose(client, welcome);
    const again = reconnect(rig, welcome);
    await again.until('connected');
    again.sendFrame(4);
    expect(await again.until('error')).toMatchObject({ code: 'not_listening' });
    again.send({ event: 'start' });
    await again.until('voice_state');
    again.sendFrames(0, 7);
    await finish(again);
    expect(rig.turns[1]?.pcm).toEqual(samplesOf(4, 7));
  });

  test('does not count towards the limit on connections', async () => {
    rig = await startRig({ limits: { connections: 1 } });
    const { client, welcome } = await listeningClient();
    expect(rig.server.accepting).toBe(false);
    await lose(client, welcome);
    expect([rig.server.accepting, rig.manager.size, rig.manager.sessions, rig.manager.lost]).toEqual([true, 0, 1, 1]);
    await reconnect(rig, welcome).until('connected');
  });

  test('ends, with its recording finished, if too many are lost and it was lost first', async () => {
    rig = await startRig({ limits: { lostSessions: 2 } });
    const clients = [await listeningClient('a'), await listeningClient('b'), await listeningClient('c')];
    for (const { client, welcome } of clients) await lose(client, welcome);
    await rig.untilLogged('SESSION_EXPIRED', ({ session }) => session === clients[0]?.welcome.session_id);
    expect([rig.manager.lost, rig.turns.map((turn) => turn.finished)]).toEqual([2, [true, false, false]]);
    expect(metric('expired')).toHaveLength(1);
  });

  test('not resumed in time: its turn ends, its recording is finished, and it can no longer be resumed', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    rig = await startRig();
    const { client, welcome } = await listeningClient();
    client.sendFrames(0, 9);
    await client.until('audio_ack');
    client.socket.terminate();
    await rig.untilLogged('SESSION_LOST');
    vi.advanceTimersByTime(RESUME_WINDOW_MS - 1);
    expect([rig.manager.lost, rig.turns[0]?.finished]).toEqual([1, false]);
    vi.advanceTimersByTime(1);
    expect([rig.manager.sessions, rig.turns[0]?.finished, rig.turns[0]?.pcm]).toEqual([0, true, samplesOf(0, 9)]);
    expect([count('SESSION_EXPIRED'), metric('expired').length, vi.getTimerCount()]).toEqual([1, 1, 0]);
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
  });

  test('counts as lost if the heartbeat has timed out', async () => {
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
    const again = new TestClient(rig.url('raw', String(session)), { resume: token ?? '' });
    expect(await again.until('connected')).toMatchObject({ resumed: true });
    socket.destroy();
  });
});

describe('a session that ends immediately, without waiting for a resume', () => {
  test.each([CLOSE.done, CLOSE.protocolError])('the client closes with %i', async (code) => {
    rig = await startRig();
    const { client, welcome } = await listeningClient();
    client.sendFrames(0, 4);
    client.socket.close(code);
    await client.closed;
    await eventually(() => expect([rig.manager.sessions, rig.turns[0]?.finished]).toEqual([0, true]));
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 4));
    expect(count('SESSION_LOST')).toBe(0);
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
  });

  test('the page was closed: 1001 from the client is not an echo', async () => {
    rig = await startRig();
    const { client } = await listeningClient();
    client.socket.close(CLOSE.goingAway);
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect([rig.turns[0]?.finished, count('SESSION_LOST')]).toEqual([true, 0]);
  });

  test('strike limit: 1008, and no resume, not even during the closing handshake', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient();
    // This peer never answers the close.
    client.socket.pause();
    for (let i = 0; i < 3; i++) client.send('not json');
    await eventually(() => expect(count('WARNING')).toBe(3));
    expect(rig.manager.size).toBe(1);
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
    client.socket.terminate();
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect([rig.turns[0]?.finished, count('SESSION_LOST')]).toEqual([true, 0]);
  });

  test('a message over 64 KiB: 1009, and no resume', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient();
    client.socket.send(Buffer.alloc(64 * 1024 + 1));
    expect((await client.closed).code).toBe(CLOSE.tooLarge);
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect([rig.turns[0]?.finished, count('SESSION_LOST')]).toEqual([true, 0]);
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
  });

  test('its client never answered a welcome: nothing to resume', async () => {
    rig = await startRig();
    const client = new TestClient(rig.url(), { autoReady: false });
    const welcome = await client.until('connected');
    client.socket.terminate();
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect(count('SESSION_LOST')).toBe(0);
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
  });
});

describe('H24 an invalid resume', () => {
  /** The credentials of a resume, and how they are forged. */
  interface Credentials {
    user: string;
    session: string | undefined;
    token: string | undefined;
  }

  test.each<[string, (valid: Credentials, other: ConnectedMessage, used: string) => Credentials]>([
    ['with a wrong token', (valid) => ({ ...valid, token: 'x'.repeat(43) })],
    ['with a truncated token', (valid) => ({ ...valid, token: valid.token?.slice(0, -1) })],
    ['with a token that was already used', (valid, _, used) => ({ ...valid, token: used })],
    ['with the token of another session', (valid, other) => ({ ...valid, token: other.resume_token })],
    ['of another session with its own token', (valid, other) => ({ ...valid, session: other.session_id })],
    ['of a session that never existed', (valid) => ({ ...valid, session: 'AAAAAAAAAAAAAAAA' })],
    ['of a session named like an inherited member', (valid) => ({ ...valid, session: '__proto__' })],
    ['by another user', (valid) => ({ ...valid, user: 'eve' })],
    ['with a session id and no token', (valid) => ({ ...valid, token: undefined })],
    ['with a token and no session id', (valid) => ({ ...valid, session: undefined })],
  ])(
    '%s: 4410 with the same reason, one log line, nothing disclosed, and the session is not affected',
    async (_, forge) => {
      rig = await startRig();
      const other = await listeningClient('bob');
      const { client, welcome: before } = await listeningClient('ada');
      await lose(client, before);
      const second = reconnect(rig, before);
      const welcome = await second.until('connected');
      await resumed();
      await lose(second, before);

      const valid = { user: 'ada', session: welcome.session_id, token: welcome.resume_token };
      const { user, session, token } = forge(valid, other.welcome, before.resume_token);
      const impostor = new TestClient(rig.url(user, session), token === undefined ? {} : { resume: token });
      expect(await impostor.closed).toEqual({ code: CLOSE.nothingToResume, reason: 'nothing to resume' });
      expect(impostor.received).toEqual([]);
      expect(impostor.socket.protocol).toBe('voice.v1');
      expect(rig.logged.filter((entry) => entry.event === 'WS_REFUSED').map(({ fields }) => fields)).toEqual([
        { on: 'voice', status: CLOSE.nothingToResume, why: 'nothing to resume' },
      ]);

      const honest = reconnect(rig, welcome);
      expect(await honest.until('connected')).toMatchObject({ resumed: true, session_id: welcome.session_id });
      expect(other.client.socket.readyState).toBe(other.client.socket.OPEN);
    },
  );

  test('a token is invalid after use, and the log contains no token', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient();
    await lose(client, welcome);
    const again = reconnect(rig, welcome);
    const next = await again.until('connected');
    await resumed();
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
    expect(again.socket.readyState).toBe(again.socket.OPEN);
    const lines = JSON.stringify(rig.logged);
    for (const token of [welcome.resume_token, next.resume_token]) expect(lines).not.toContain(token);
  });

  test('a session that has ended is indistinguishable from one that never existed', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient();
    client.socket.close(1000);
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect(await reconnect(rig, welcome).closed).toEqual({
      code: CLOSE.nothingToResume,
      reason: 'nothing to resume',
    });
  });

  test('a peer that does not answer the 4410 is terminated', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const socket = await rawSocket(rig.port);
    const closed = once(socket, 'close');
    const request = upgradeRequest(rig.port).replace('user_id=raw', 'user_id=raw&session_id=none');
    socket.resume().write(request);
    await once(socket, 'end');
    socket.end();
    await closed;
    expect(count('WS_CONNECT')).toBe(0);
  });
});

describe('H25 two sockets resume one session', () => {
  test('the newer one wins; the older one gets 4409 and its frames are ignored', async () => {
    rig = await startRig();
    const { client: older, welcome } = await listeningClient();
    older.sendFrames(0, 9);
    await older.until('audio_ack');
    // The older one does not notice the close and keeps sending different samples.
    older.socket.pause();
    const newer = reconnect(rig, welcome);
    const second = await newer.until('connected');
    older.sendFrame(10, new Int16Array(320).fill(-1));
    older.send({ event: 'stop' });
    older.socket.resume();
    expect(await older.closed).toMatchObject({ code: CLOSE.takenOver });
    newer.sendFrames(second.received_through + 1, 19);
    await finish(newer);
    expect(rig.turns).toHaveLength(1);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 19));
    expect([count('SESSION_TAKEN_OVER'), count('SESSION_LOST'), rig.manager.sessions]).toEqual([1, 0, 1]);
    await eventually(() => expect(rig.manager.size).toBe(1));
  });

  test('both with the same token at the same time: one stays connected, with one session', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient();
    await lose(client, welcome);
    const competitors = [reconnect(rig, welcome), reconnect(rig, welcome)];
    await Promise.race(competitors.map((competitor) => competitor.until('connected')));
    const [loser] = await Promise.race(
      competitors.map((competitor) => competitor.closed.then((end) => [end] as const)),
    );
    // It was taken over, or its token was already used by the other.
    expect([CLOSE.takenOver, CLOSE.nothingToResume]).toContain(loser.code);
    const winner = competitors.find((competitor) => competitor.socket.readyState === competitor.socket.OPEN);
    await winner?.until('connected');
    // Both became ready one after the other, or one was refused before.
    await resumed(loser.code === CLOSE.takenOver ? count('SESSION_TAKEN_OVER') + 1 : 1);
    winner?.sendFrames(0, 4);
    await finish(winner ?? client);
    expect([rig.manager.sessions, rig.manager.size, rig.turns.length]).toEqual([1, 1, 1]);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 4));
  });

  test('the ready of an older connection does not confirm the token of the newer one', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient();
    await lose(client, welcome);
    const older = reconnect(rig, welcome, { autoReady: false });
    await older.until('connected');
    const newer = reconnect(rig, welcome, { autoReady: false });
    const newWelcome = await newer.until('connected');
    older.sendReady(welcome.session_id);
    await resumed();
    expect([count('SESSION_TAKEN_OVER'), rig.manager.pending]).toEqual([0, 1]);
    newer.sendReady(welcome.session_id);
    expect((await older.closed).code).toBe(CLOSE.takenOver);
    expect([count('SESSION_RESUMED'), count('SESSION_TAKEN_OVER'), rig.manager.pending]).toEqual([2, 1, 0]);
    // The token issued to the newer one is valid.
    await lose(newer, welcome);
    await reconnect(rig, newWelcome).until('connected');
    await resumed(3);
  });

  test('the newer connection stays if the ready of the older one arrives later', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient();
    await lose(client, welcome);
    const older = reconnect(rig, welcome, { autoReady: false });
    await older.until('connected');
    const newer = reconnect(rig, welcome);
    const newWelcome = await newer.until('connected');
    await resumed();
    older.sendReady(welcome.session_id);
    expect((await older.closed).code).toBe(CLOSE.takenOver);
    newer.sendFrames(0, 4);
    await finish(newer);
    expect([count('SESSION_RESUMED'), count('SESSION_TAKEN_OVER')]).toEqual([1, 0]);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 4));
    await lose(newer, welcome);
    await reconnect(rig, newWelcome).until('connected');
    await resumed(2);
  });

  test('a frozen older connection is terminated and frees its slot', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client: frozen, welcome } = await listeningClient();
    frozen.socket.pause();
    const newer = reconnect(rig, welcome);
    await newer.until('connected');
    await eventually(() => expect(rig.manager.size).toBe(1));
    expect(rig.manager.sessions).toBe(1);
    frozen.socket.terminate();
  });
});

describe('a server that is restarted', () => {
  test('on another port, during a turn: the session continues, and its recording is identical', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient();
    const port = rig.port;
    client.sendFrames(0, 24);
    await rig.restart();
    expect(rig.port).not.toBe(port);
    expect((await client.closed).code).toBe(CLOSE.goingAway);
    expect([rig.manager.lost, rig.server.sessions, rig.turns[0]?.finished]).toEqual([1, 1, false]);
    const again = reconnect(rig, welcome);
    const second = await again.until('connected');
    expect(second.resumed).toBe(true);
    again.sendFrames(second.received_through + 1, 49);
    await finish(again);
    expect(rig.turns).toHaveLength(1);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 49));
  });

  test('terminates a peer that does not answer, which can then resume', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await listeningClient();
    client.socket.pause();
    await rig.restart();
    expect(rig.manager.lost).toBe(1);
    client.socket.terminate();
    await reconnect(rig, welcome).until('connected');
  });

  test('H18 ten times does not increase the number of sockets, timers, servers, sessions and listeners', async () => {
    rig = await startRig();
    let { client, welcome } = await listeningClient();
    const resources = () => {
      const counted: Record<string, number> = {};
      for (const name of process.getActiveResourcesInfo()) counted[name] = (counted[name] ?? 0) + 1;
      for (const name of process.eventNames()) counted[String(name)] = process.listenerCount(name);
      return counted;
    };
    /**
     * Resources that have grown, once pending events are handled. Waits without a clock, because that is a timer too.
     */
    const growth = async (before: Record<string, number>) => {
      for (let turn = 0; ; turn++) {
        const more = Object.entries(resources()).filter(([name, n]) => n > (before[name] ?? 0));
        if (more.length === 0 || turn === 1_000) return more;
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const round = async (n: number) => {
      client.sendFrames(welcome.received_through + 1, n * 10 + 9);
      await rig.restart();
      client = reconnect(rig, welcome);
      welcome = await client.until('connected');
      await resumed(n + 1);
    };
    await round(0);
    const before = resources();
    for (let n = 1; n <= 10; n++) await round(n);
    expect(await growth(before)).toEqual([]);
    expect([rig.manager.sessions, rig.manager.lost, rig.turns.length]).toEqual([1, 0, 1]);
    client.sendFrames(welcome.received_through + 1, 119);
    await finish(client);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 119));
  });
});

describe('the settle delay', () => {
  test('grows after a second attempt, delays the next welcome, and returns to 0 after first attempts', async () => {
    rig = await startRig();
    const slow = new TestClient(rig.url(), { autoReady: false });
    slow.sendReady((await slow.until('connected', 2)).session_id);
    await rig.untilLogged('SETTLE_DELAY', (fields) => fields.ms === 5);
    expect(metric('settleDelay')).toEqual([['settleDelay', 5]]);

    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const socket = await rawSocket(rig.port);
    let output = '';
    socket.on('data', (chunk) => {
      output += chunk.toString('latin1');
    });
    const ping = Buffer.from('{"event":"ping","id":1,"client_time":1}');
    const ready = Buffer.from(JSON.stringify({ event: 'ready', session_id: 'none', proof: 'p'.repeat(43) }));
    socket.write(Buffer.concat([Buffer.from(upgradeRequest(rig.port)), text(ping), text(ready)]));
    // The usual rules apply: a ping is answered, a ready before the welcome is a strike.
    await rig.untilLogged('WARNING', (fields) => fields.type === 'bad_message');
    await once(socket, 'data');
    expect(output).toContain('"pong"');
    expect(output).not.toContain('"connected"');
    const sent = count('WS_SEND');
    vi.advanceTimersByTime(4);
    expect(count('WS_SEND')).toBe(sent);
    vi.advanceTimersByTime(1);
    expect(count('WS_SEND')).toBe(sent + 1);
    vi.useRealTimers();
    socket.destroy();

    for (let i = 0; i < 5; i++) {
      const client = new TestClient(rig.url());
      await client.startTurn();
      client.socket.close(1000);
      await client.closed;
    }
    expect(metric('settleDelay').map(([, ms]) => ms)).toEqual([5, 4, 3, 2, 1, 0]);
  });

  test('a client that leaves during it counts as aborted before the first attempt and leaves no timer', async () => {
    rig = await startRig();
    const slow = new TestClient(rig.url(), { autoReady: false });
    slow.sendReady((await slow.until('connected', 2)).session_id);
    await rig.untilLogged('SETTLE_DELAY');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const socket = await rawSocket(rig.port);
    socket.write(upgradeRequest(rig.port));
    await once(socket, 'data');
    socket.resetAndDestroy();
    await rig.untilLogged('WELCOME_ABORTED', (fields) => fields.attempts === 0);
    expect(rig.measured).toContainEqual(['welcome', 'aborted', 0, expect.any(Number)]);
    expect(metric('settleDelay')).toHaveLength(1);
  });
});

describe('the metrics', () => {
  test('cover a connection from the upgrade to its loss, resume and end', async () => {
    let at = 0;
    rig = await startRig({ monotonicNow: () => at });
    const { client, welcome } = await listeningClient();
    client.sendFrames(0, 9);
    await client.until('audio_ack');
    await lose(client, welcome);
    at = 1_200;
    await reconnect(rig, welcome).until('connected');
    await resumed();
    const refused = new TestClient(rig.url('no such label!'));
    await refused.closed;
    expect(rig.measured.filter(([name]) => name !== 'frames')).toEqual([
      ['attempt'],
      ['welcome', 'ready', 1, 0],
      ['attempt'],
      ['welcome', 'ready', 1, 0],
      ['resumed', 1_200],
      ['refused', 400],
    ]);
    expect(metric('frames')).toHaveLength(10);
  });
});

test('closing the manager ends all sessions, connected, lost or not yet ready, and finishes their recordings', async () => {
  rig = await startRig();
  const live = await listeningClient('live');
  const gone = await listeningClient('gone');
  live.client.sendFrames(0, 9);
  await live.client.until('audio_ack');
  await lose(gone.client, gone.welcome);
  const half = new TestClient(rig.url(), { autoReady: false });
  await half.until('connected');
  await Promise.all([rig.server.stop(), rig.manager.close()]);
  expect((await live.client.closed).code).toBe(CLOSE.goingAway);
  expect(rig.turns.map(({ finished }) => finished)).toEqual([true, true]);
  expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 9));
  // The sessions end instead of being lost: there is no server to resume at.
  expect(count('SESSION_LOST')).toBe(1);
  expect([rig.manager.full, rig.manager.hasRoom]).toEqual([true, false]);
});

test('property: the recording equals what was sent, at whatever point and in whatever way the connection is lost', async () => {
  const how = fc.constantFrom('terminated', 'welcome lost', 'ready lost', 'newer', 'restart');
  const losses = fc.array(fc.record({ frames: fc.nat(25), how }), { minLength: 1, maxLength: 8 });
  rig = await startRig();
  await fc.assert(
    fc.asyncProperty(losses, async (plan) => {
      const before = rig.turns.length;
      let { client, welcome } = await listeningClient();
      let lastSeq = -1;
      for (const loss of plan) {
        lastSeq += loss.frames;
        client.sendFrames(welcome.received_through + 1, lastSeq);
        if (loss.how === 'restart') await rig.restart();
        else if (loss.how !== 'newer') client.socket.terminate();
        if (loss.how === 'welcome lost') {
          const attempt = reconnect(rig, welcome, { autoReady: false });
          await once(attempt.socket, 'open');
          attempt.socket.terminate();
        }
        if (loss.how === 'ready lost') {
          const attempt = reconnect(rig, welcome, { autoReady: false });
          welcome = await attempt.until('connected');
          attempt.socket.terminate();
        }
        client = reconnect(rig, welcome);
        welcome = await client.until('connected');
        expect(welcome.resumed).toBe(true);
        expect(welcome.received_through).toBeLessThanOrEqual(lastSeq);
      }
      client.sendFrames(welcome.received_through + 1, lastSeq + 5);
      await finish(client);
      client.socket.close(1000);
      await client.closed;
      expect(rig.turns).toHaveLength(before + 1);
      const turn = rig.turns.at(-1);
      expect(turn?.gaps).toEqual([]);
      expect(turn?.pcm).toEqual(samplesOf(0, lastSeq + 5));
    }),
    { numRuns: 25 },
  );
});
