import { once } from 'node:events';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CLOSE, type ConnectedMessage, RESUME_WINDOW_MS } from '../../shared/protocol.ts';
import {
  maskedFrame,
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

/** Checks again and again until it holds; not for tests that hold the clock. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 2 });
const count = (event: string) => rig.logged.filter((entry) => entry.event === event).length;
const metric = (name: string) => rig.measured.filter(([measured]) => measured === name);

/** A client that listens, and its welcome. */
async function speaker(user = 'tester'): Promise<{ client: TestClient; welcome: ConnectedMessage }> {
  const client = new TestClient(rig.url(user));
  await client.listen();
  return { client, welcome: await client.until('connected') };
}

/** Cuts a client off; returns once the server has noticed. */
async function lose(client: TestClient, welcome: ConnectedMessage): Promise<void> {
  const before = count('SESSION_LOST');
  client.socket.terminate();
  await eventually(() => expect(count('SESSION_LOST')).toBe(before + 1));
  expect(rig.logged.findLast((entry) => entry.event === 'SESSION_LOST')?.fields.session).toBe(welcome.session_id);
}

/** Cuts off a client that has not answered its welcome; returns once the server has noticed. */
async function leave(client: TestClient): Promise<void> {
  const before = count('WS_NEVER_READY');
  client.socket.terminate();
  await eventually(() => expect(count('WS_NEVER_READY')).toBe(before + 1));
}

/** The ready of a client that came back has been taken: its former token is dead. */
async function resumed(times = 1): Promise<void> {
  await eventually(() => expect(count('SESSION_RESUMED')).toBe(times));
}

/** Ends the turn and waits until its recording is finished. */
async function finish(client: TestClient): Promise<void> {
  client.say({ event: 'stop' });
  await eventually(() => expect(client.heard.at(-1)).toMatchObject({ event: 'voice_state', state: 'idle' }));
}

describe('a session whose connection broke', () => {
  test('is offered for 30 s in its welcome', async () => {
    rig = await startRig();
    const { welcome } = await speaker();
    expect(welcome).toMatchObject({ resumed: false, received_through: -1, resume_window_ms: RESUME_WINDOW_MS });
  });

  test('goes on in the middle of its turn: one recording, identical sample by sample', async () => {
    rig = await startRig();
    const first = await speaker('ada');
    first.client.frames(0, 29);
    await eventually(() => expect(rig.turns[0]?.pcm.length).toBeGreaterThanOrEqual(10 * 320));
    await lose(first.client, first.welcome);
    expect(rig.turns[0]?.finished).toBe(false);

    const again = reconnect(rig, first.welcome);
    const welcome = await again.until('connected');
    expect(welcome).toMatchObject({ session_id: first.welcome.session_id, user_id: 'ada', resumed: true, attempt: 1 });
    expect(welcome.resume_token).not.toBe(first.welcome.resume_token);
    // It listens still: no other start is needed.
    again.frames(welcome.received_through + 1, 49);
    await finish(again);
    expect(rig.turns).toMatchObject([{ turn: 1, gaps: [], finished: true }]);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 49));
    expect([count('SESSION_LOST'), count('SESSION_RESUMED'), rig.manager.sessions]).toEqual([1, 1, 1]);
    expect(metric('resumed')).toEqual([['resumed', expect.any(Number)]]);
  });

  test('H61 counts as stopped where its client stopped it on the connection it began on, and else as interrupted', async () => {
    rig = await startRig();
    const first = await speaker();
    await finish(first.client);
    first.client.say({ event: 'start' });
    await eventually(() => expect(rig.turns).toHaveLength(2));
    await lose(first.client, first.welcome);
    const again = reconnect(rig, first.welcome);
    await again.until('connected');
    await finish(again);
    // The next turn has the new connection from its beginning.
    again.say({ event: 'start' });
    await eventually(() => expect(rig.turns).toHaveLength(3));
    await finish(again);
    const left = await speaker();
    left.client.socket.close(CLOSE.done);
    await eventually(() =>
      expect(rig.turns.map(({ ending }) => ending)).toEqual(['stopped', 'interrupted', 'stopped', 'interrupted']),
    );
  });

  test('H52 has the state of the microphone once, also when the client repeats it after the resume', async () => {
    rig = await startRig();
    const { client, welcome } = await speaker();
    const desk = { event: 'microphone', label: 'Desk\u202e', instead_of: null } as const;
    client.say({ ...desk, seq: 0, status: 'ok' });
    client.frames(0, 9);
    client.say({ ...desk, seq: 10, status: 'muted' });
    await eventually(() => expect(rig.turns[0]?.microphone).toHaveLength(2));
    await lose(client, welcome);
    const again = reconnect(rig, welcome);
    const through = (await again.until('connected')).received_through;
    expect(through).toBe(9);
    again.say({ ...desk, seq: 0, status: 'ok' });
    again.say({ ...desk, seq: 10, status: 'muted' });
    again.frames(10, 19);
    await finish(again);
    expect(rig.turns[0]?.microphone).toEqual([
      { at: 0, label: 'Desk·', status: 'ok', instead_of: null },
      { at: 3_200, label: 'Desk·', status: 'muted', instead_of: null },
    ]);
  });

  test('acknowledges from where its welcome left off, and what was not answered may be said again', async () => {
    rig = await startRig();
    const { client, welcome } = await speaker();
    client.frames(0, 4);
    client.say({ event: 'stop' });
    await client.until('voice_state', 2);
    await lose(client, welcome);
    const again = reconnect(rig, welcome);
    expect((await again.until('connected')).received_through).toBe(4);
    again.say({ event: 'stop' });
    expect(await again.until('voice_state')).toMatchObject({ state: 'idle' });
    again.say({ event: 'start' });
    expect(await again.until('voice_state', 2)).toMatchObject({ state: 'listening' });
    again.frames(5, 9);
    await finish(again);
    expect(again.heard.filter((m) => m.event === 'audio_ack').map((m) => m.through)).toEqual([9]);
    expect(rig.turns.map(({ turn, pcm }) => [turn, pcm])).toEqual([
      [1, samplesOf(0, 4)],
      [2, samplesOf(5, 9)],
    ]);
  });

  test('can be lost again and again, each time with a new token', async () => {
    rig = await startRig();
    let { client, welcome } = await speaker();
    for (let round = 1; round <= 5; round++) {
      client.frames(welcome.received_through + 1, round * 10 - 1);
      await lose(client, welcome);
      client = reconnect(rig, welcome);
      welcome = await client.until('connected');
      await resumed(round);
    }
    client.frames(welcome.received_through + 1, 59);
    await finish(client);
    expect(rig.turns).toHaveLength(1);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 59));
  });

  test('cut between its welcome and ready: the new token works as well as the one that was used', async () => {
    rig = await startRig();
    const { client, welcome } = await speaker();
    client.frames(0, 9);
    await lose(client, welcome);

    const unproved = reconnect(rig, welcome, { autoReady: false });
    const second = await unproved.until('connected');
    await leave(unproved);
    // This client heard the welcome; only its ready got lost.
    const heard = reconnect(rig, second, { autoReady: false });
    await heard.until('connected');
    await leave(heard);
    // This one did not hear what came: it has the token that it used before.
    const unheard = reconnect(rig, second);
    const last = await unheard.until('connected');
    await resumed();
    expect(metric('resumed')).toHaveLength(1);
    unheard.frames(last.received_through + 1, 19);
    await finish(unheard);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 19));
    expect(rig.turns[0]?.gaps).toEqual([]);
  });

  test('every copy of one welcome brings the same token', async () => {
    rig = await startRig();
    const { client, welcome } = await speaker();
    await lose(client, welcome);
    const again = reconnect(rig, welcome, { autoReady: false });
    const [one, two] = [await again.until('connected'), await again.until('connected', 2)];
    expect([one.resumed, one.attempt, two.attempt]).toEqual([true, 1, 2]);
    expect({ ...two, attempt: 1 }).toEqual(one);
    again.ready(two.session_id);
    await resumed();
    await lose(again, welcome);
    await reconnect(rig, one).until('connected');
    await resumed(2);
  });

  test('has to hear ready on each connection: audio before it is refused, and strikes are not forgotten', async () => {
    rig = await startRig();
    const { client, welcome } = await speaker();
    client.say('not json');
    await client.until('error');
    await lose(client, welcome);
    const again = reconnect(rig, welcome, { autoReady: false });
    await again.until('connected');
    again.frame(0);
    expect(await again.until('error')).toMatchObject({ code: 'not_ready' });
    again.say('not json');
    // Two of its own, which with its ready are added to the session's one.
    again.ready(welcome.session_id);
    expect((await again.closed).code).toBe(CLOSE.policy);
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect(rig.turns).toMatchObject([{ pcm: [], finished: true }]);
  });

  test('while it was idle: audio is still a strike, and in its next turn duplicates are dropped', async () => {
    rig = await startRig();
    const { client, welcome } = await speaker();
    client.frames(0, 3);
    await finish(client);
    await lose(client, welcome);
    const again = reconnect(rig, welcome);
    await again.until('connected');
    again.frame(4);
    expect(await again.until('error')).toMatchObject({ code: 'not_listening' });
    again.say({ event: 'start' });
    await again.until('voice_state');
    again.frames(0, 7);
    await finish(again);
    expect(rig.turns[1]?.pcm).toEqual(samplesOf(4, 7));
  });

  test('does not count as a connection: its slot is free', async () => {
    rig = await startRig({ limits: { connections: 1 } });
    const { client, welcome } = await speaker();
    expect(rig.server.accepting).toBe(false);
    await lose(client, welcome);
    expect([rig.server.accepting, rig.manager.size, rig.manager.sessions, rig.manager.lost]).toEqual([true, 0, 1, 1]);
    await reconnect(rig, welcome).until('connected');
  });

  test('beyond the cap the one lost longest ends, its recording finished', async () => {
    rig = await startRig({ limits: { lostSessions: 2 } });
    const speakers = [await speaker('a'), await speaker('b'), await speaker('c')];
    for (const { client, welcome } of speakers) await lose(client, welcome);
    await rig.untilLogged('SESSION_EXPIRED', ({ session }) => session === speakers[0]?.welcome.session_id);
    expect([rig.manager.lost, rig.turns.map((turn) => turn.finished)]).toEqual([2, [true, false, false]]);
    expect(metric('expired')).toHaveLength(1);
  });

  test('not resumed in time: its turn ends, its recording is finished, and there is nothing to resume', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    rig = await startRig();
    const { client, welcome } = await speaker();
    client.frames(0, 9);
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

  test('a peer that the heartbeat found dead is one that was lost, not one that is done', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    rig = await startRig();
    const socket = await rawSocket(rig.port);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    const request = upgradeRequest(rig.port);
    socket.write(request);
    await vi.waitFor(() => expect(text).toContain('"connected"'));
    const session = rig.logged.find((entry) => entry.event === 'WS_CONNECT')?.fields.session;
    const say = (message: object) => socket.write(maskedFrame(1, Buffer.from(JSON.stringify(message))));
    say(readyAfter(rig.port, request, welcomeIn(text)));
    say({ event: 'start' });
    await rig.untilLogged('VOICE_STATE');
    // It never answers a ping.
    vi.advanceTimersByTime(25_000);
    await rig.untilLogged('WARNING', (fields) => fields.type === 'peer_silent');
    await rig.untilLogged('SESSION_LOST', (fields) => fields.session === session);
    const token = /"resume_token":"([^"]+)"/.exec(text)?.[1];
    const again = new TestClient(rig.url('raw', String(session)), { resume: token ?? '' });
    expect(await again.until('connected')).toMatchObject({ resumed: true });
    socket.destroy();
  });
});

describe('a session that ends at once', () => {
  test.each([CLOSE.done, CLOSE.protocolError])('the client closes %i', async (code) => {
    rig = await startRig();
    const { client, welcome } = await speaker();
    client.frames(0, 4);
    client.socket.close(code);
    await client.closed;
    await eventually(() => expect([rig.manager.sessions, rig.turns[0]?.finished]).toEqual([0, true]));
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 4));
    expect(count('SESSION_LOST')).toBe(0);
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
  });

  test('the page goes away: close 1001 is its own word, not an echo', async () => {
    rig = await startRig();
    const { client } = await speaker();
    client.socket.close(CLOSE.goingAway);
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect([rig.turns[0]?.finished, count('SESSION_LOST')]).toEqual([true, 0]);
  });

  test('struck out: 1008, and no way back, not even while the close is under way', async () => {
    rig = await startRig();
    const { client, welcome } = await speaker();
    // A peer that never answers the close.
    client.socket.pause();
    for (let i = 0; i < 3; i++) client.say('not json');
    await eventually(() => expect(count('WARNING')).toBe(3));
    expect(rig.manager.size).toBe(1);
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
    client.socket.terminate();
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect([rig.turns[0]?.finished, count('SESSION_LOST')]).toEqual([true, 0]);
  });

  test('a message over 64 KiB: 1009, and no way back', async () => {
    rig = await startRig();
    const { client, welcome } = await speaker();
    client.socket.send(Buffer.alloc(64 * 1024 + 1));
    expect((await client.closed).code).toBe(CLOSE.tooLarge);
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect([rig.turns[0]?.finished, count('SESSION_LOST')]).toEqual([true, 0]);
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
  });

  test('its client never answered a welcome: there is nothing to come back to', async () => {
    rig = await startRig();
    const client = new TestClient(rig.url(), { autoReady: false });
    const welcome = await client.until('connected');
    client.socket.terminate();
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect(count('SESSION_LOST')).toBe(0);
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
  });
});

describe('H24 a resume that does not fit', () => {
  /** What a client brings along, and what is put in its place. */
  interface Brought {
    user: string;
    session: string | undefined;
    token: string | undefined;
  }

  test.each<[string, (right: Brought, other: ConnectedMessage, used: string) => Brought]>([
    ['with a wrong token', (right) => ({ ...right, token: 'x'.repeat(43) })],
    ['with a truncated token', (right) => ({ ...right, token: right.token?.slice(0, -1) })],
    ['with the token of the session before', (right, _, used) => ({ ...right, token: used })],
    ['with the token of another session', (right, other) => ({ ...right, token: other.resume_token })],
    ['of another session with its own token', (right, other) => ({ ...right, session: other.session_id })],
    ['of a session that never was', (right) => ({ ...right, session: 'AAAAAAAAAAAAAAAA' })],
    ['of a session named like a member', (right) => ({ ...right, session: '__proto__' })],
    ['by another user', (right) => ({ ...right, user: 'eve' })],
    ['with a session id and no token', (right) => ({ ...right, token: undefined })],
    ['with a token and no session id', (right) => ({ ...right, session: undefined })],
  ])('%s: 4410 with the same words, one line, nothing disclosed, and the session is unharmed', async (_, forge) => {
    rig = await startRig();
    const other = await speaker('bob');
    const { client, welcome: before } = await speaker('ada');
    await lose(client, before);
    const second = reconnect(rig, before);
    const welcome = await second.until('connected');
    await resumed();
    await lose(second, before);

    const right = { user: 'ada', session: welcome.session_id, token: welcome.resume_token };
    const { user, session, token } = forge(right, other.welcome, before.resume_token);
    const forger = new TestClient(rig.url(user, session), token === undefined ? {} : { resume: token });
    expect(await forger.closed).toEqual({ code: CLOSE.nothingToResume, reason: 'nothing to resume' });
    expect(forger.heard).toEqual([]);
    expect(forger.socket.protocol).toBe('voice.v1');
    expect(rig.logged.filter((entry) => entry.event === 'WS_REFUSED').map(({ fields }) => fields)).toEqual([
      { on: 'voice', status: CLOSE.nothingToResume, why: 'nothing to resume' },
    ]);

    const honest = reconnect(rig, welcome);
    expect(await honest.until('connected')).toMatchObject({ resumed: true, session_id: welcome.session_id });
    expect(other.client.socket.readyState).toBe(other.client.socket.OPEN);
  });

  test('a token serves once: proved and used, it is dead, and no token stands in any line of the log', async () => {
    rig = await startRig();
    const { client, welcome } = await speaker();
    await lose(client, welcome);
    const again = reconnect(rig, welcome);
    const next = await again.until('connected');
    await resumed();
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
    expect(again.socket.readyState).toBe(again.socket.OPEN);
    const lines = JSON.stringify(rig.logged);
    for (const token of [welcome.resume_token, next.resume_token]) expect(lines).not.toContain(token);
  });

  test('a session that has ended can not be told from one that never was', async () => {
    rig = await startRig();
    const { client, welcome } = await speaker();
    client.socket.close(1000);
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect(await reconnect(rig, welcome).closed).toEqual({
      code: CLOSE.nothingToResume,
      reason: 'nothing to resume',
    });
  });

  test('a peer that does not answer the 4410 is cut', async () => {
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
  test('the newer wins, the older gets 4409, and frames of the older are ignored', async () => {
    rig = await startRig();
    const { client: older, welcome } = await speaker();
    older.frames(0, 9);
    await older.until('audio_ack');
    // It does not hear that it is over, and goes on with samples of its own.
    older.socket.pause();
    const newer = reconnect(rig, welcome);
    const second = await newer.until('connected');
    older.frame(10, new Int16Array(320).fill(-1));
    older.say({ event: 'stop' });
    older.socket.resume();
    expect(await older.closed).toMatchObject({ code: CLOSE.takenOver });
    newer.frames(second.received_through + 1, 19);
    await finish(newer);
    expect(rig.turns).toHaveLength(1);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 19));
    expect([count('SESSION_TAKEN_OVER'), count('SESSION_LOST'), rig.manager.sessions]).toEqual([1, 0, 1]);
    await eventually(() => expect(rig.manager.size).toBe(1));
  });

  test('both with the same token at the same moment: one of them stands in the end, with one session', async () => {
    rig = await startRig();
    const { client, welcome } = await speaker();
    await lose(client, welcome);
    const rivals = [reconnect(rig, welcome), reconnect(rig, welcome)];
    await Promise.race(rivals.map((rival) => rival.until('connected')));
    const [loser] = await Promise.race(rivals.map((rival) => rival.closed.then((end) => [end] as const)));
    // Taken over, or too late with a token that the other has used up.
    expect([CLOSE.takenOver, CLOSE.nothingToResume]).toContain(loser.code);
    const winner = rivals.find((rival) => rival.socket.readyState === rival.socket.OPEN);
    await winner?.until('connected');
    // Both were ready, one after the other, or one was refused before.
    await resumed(loser.code === CLOSE.takenOver ? count('SESSION_TAKEN_OVER') + 1 : 1);
    winner?.frames(0, 4);
    await finish(winner ?? client);
    expect([rig.manager.sessions, rig.manager.size, rig.turns.length]).toEqual([1, 1, 1]);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 4));
  });

  test('the ready of an older connection proves nothing for the newer one', async () => {
    rig = await startRig();
    const { client, welcome } = await speaker();
    await lose(client, welcome);
    const older = reconnect(rig, welcome, { autoReady: false });
    await older.until('connected');
    const newer = reconnect(rig, welcome, { autoReady: false });
    const heard = await newer.until('connected');
    older.ready(welcome.session_id);
    await resumed();
    expect([count('SESSION_TAKEN_OVER'), rig.manager.pending]).toEqual([0, 1]);
    newer.ready(welcome.session_id);
    expect((await older.closed).code).toBe(CLOSE.takenOver);
    expect([count('SESSION_RESUMED'), count('SESSION_TAKEN_OVER'), rig.manager.pending]).toEqual([2, 1, 0]);
    // The token that the newer one brought is the one that works.
    await lose(newer, welcome);
    await reconnect(rig, heard).until('connected');
    await resumed(3);
  });

  test('the ready of an older connection comes behind that of the newer one: the newer one stays', async () => {
    rig = await startRig();
    const { client, welcome } = await speaker();
    await lose(client, welcome);
    const older = reconnect(rig, welcome, { autoReady: false });
    await older.until('connected');
    const newer = reconnect(rig, welcome);
    const heard = await newer.until('connected');
    await resumed();
    older.ready(welcome.session_id);
    expect((await older.closed).code).toBe(CLOSE.takenOver);
    newer.frames(0, 4);
    await finish(newer);
    expect([count('SESSION_RESUMED'), count('SESSION_TAKEN_OVER')]).toEqual([1, 0]);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 4));
    await lose(newer, welcome);
    await reconnect(rig, heard).until('connected');
    await resumed(2);
  });

  test('an older connection that is frozen is cut, and does not take a slot for longer', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client: frozen, welcome } = await speaker();
    frozen.socket.pause();
    const newer = reconnect(rig, welcome);
    await newer.until('connected');
    await eventually(() => expect(rig.manager.size).toBe(1));
    expect(rig.manager.sessions).toBe(1);
    frozen.socket.terminate();
  });
});

describe('a server that is restarted', () => {
  test('on another port, while listening: the session goes on, its recording is identical', async () => {
    rig = await startRig();
    const { client, welcome } = await speaker();
    const port = rig.port;
    client.frames(0, 24);
    await rig.restart();
    expect(rig.port).not.toBe(port);
    expect((await client.closed).code).toBe(CLOSE.goingAway);
    expect([rig.manager.lost, rig.server.sessions, rig.turns[0]?.finished]).toEqual([1, 1, false]);
    const again = reconnect(rig, welcome);
    const second = await again.until('connected');
    expect(second.resumed).toBe(true);
    again.frames(second.received_through + 1, 49);
    await finish(again);
    expect(rig.turns).toHaveLength(1);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 49));
  });

  test('with a peer that does not answer: that one is cut, and can come back', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await speaker();
    client.socket.pause();
    await rig.restart();
    expect(rig.manager.lost).toBe(1);
    client.socket.terminate();
    await reconnect(rig, welcome).until('connected');
  });

  test('H18 ten times: no growth of sockets, timers, servers, sessions or listeners', async () => {
    rig = await startRig();
    let { client, welcome } = await speaker();
    const resources = () => {
      const counted: Record<string, number> = {};
      for (const name of process.getActiveResourcesInfo()) counted[name] = (counted[name] ?? 0) + 1;
      for (const name of process.eventNames()) counted[String(name)] = process.listenerCount(name);
      return counted;
    };
    /** What there is more of than before, once what is on its way has come: not by a clock, which is a timer too. */
    const growth = async (before: Record<string, number>) => {
      for (let turn = 0; ; turn++) {
        const more = Object.entries(resources()).filter(([name, n]) => n > (before[name] ?? 0));
        if (more.length === 0 || turn === 1_000) return more;
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const round = async (n: number) => {
      client.frames(welcome.received_through + 1, n * 10 + 9);
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
    client.frames(welcome.received_through + 1, 119);
    await finish(client);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 119));
  });
});

describe('the settle delay', () => {
  test('grows when a live client needed a second try, holds back the next welcome, and is gone after first tries', async () => {
    rig = await startRig();
    const slow = new TestClient(rig.url(), { autoReady: false });
    slow.ready((await slow.until('connected', 2)).session_id);
    await rig.untilLogged('SETTLE_DELAY', (fields) => fields.ms === 5);
    expect(metric('settleDelay')).toEqual([['settleDelay', 5]]);

    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const socket = await rawSocket(rig.port);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    const ping = Buffer.from('{"event":"ping","id":1,"client_time":1}');
    const ready = Buffer.from(JSON.stringify({ event: 'ready', session_id: 'none', proof: 'p'.repeat(43) }));
    socket.write(Buffer.concat([Buffer.from(upgradeRequest(rig.port)), maskedFrame(1, ping), maskedFrame(1, ready)]));
    // The usual rules: a ping is answered, a ready for a welcome that was not sent is a strike.
    await rig.untilLogged('WARNING', (fields) => fields.type === 'bad_message');
    await once(socket, 'data');
    expect(text).toContain('"pong"');
    expect(text).not.toContain('"connected"');
    const sent = count('WS_SEND');
    vi.advanceTimersByTime(4);
    expect(count('WS_SEND')).toBe(sent);
    vi.advanceTimersByTime(1);
    expect(count('WS_SEND')).toBe(sent + 1);
    vi.useRealTimers();
    socket.destroy();

    for (let i = 0; i < 5; i++) {
      const client = new TestClient(rig.url());
      await client.listen();
      client.socket.close(1000);
      await client.closed;
    }
    expect(metric('settleDelay').map(([, ms]) => ms)).toEqual([5, 4, 3, 2, 1, 0]);
  });

  test('a client that leaves while it lasts is a welcome aborted before its first try, and leaves no timer', async () => {
    rig = await startRig();
    const slow = new TestClient(rig.url(), { autoReady: false });
    slow.ready((await slow.until('connected', 2)).session_id);
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

describe('what is measured', () => {
  test('a connection from the guard to its loss, mend and end', async () => {
    let at = 0;
    rig = await startRig({ monotonicNow: () => at });
    const { client, welcome } = await speaker();
    client.frames(0, 9);
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

test('nothing is left after the manager has closed, with sessions connected, lost and half welcomed', async () => {
  rig = await startRig();
  const live = await speaker('live');
  const gone = await speaker('gone');
  live.client.frames(0, 9);
  await live.client.until('audio_ack');
  await lose(gone.client, gone.welcome);
  const half = new TestClient(rig.url(), { autoReady: false });
  await half.until('connected');
  await Promise.all([rig.server.stop(), rig.manager.close()]);
  expect((await live.client.closed).code).toBe(CLOSE.goingAway);
  expect(rig.turns.map(({ finished }) => finished)).toEqual([true, true]);
  expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 9));
  // Nobody was lost at the end: there is no server to come back to.
  expect(count('SESSION_LOST')).toBe(1);
  expect([rig.manager.full, rig.manager.hasRoom]).toEqual([true, false]);
});

test('wherever the connection is cut, and however: what was recorded is what was said', async () => {
  const how = fc.constantFrom('cut', 'unheard', 'unproved', 'newer', 'restart');
  const cuts = fc.array(fc.record({ frames: fc.nat(25), how }), { minLength: 1, maxLength: 8 });
  rig = await startRig();
  await fc.assert(
    fc.asyncProperty(cuts, async (plan) => {
      const before = rig.turns.length;
      let { client, welcome } = await speaker();
      let said = -1;
      for (const cut of plan) {
        said += cut.frames;
        client.frames(welcome.received_through + 1, said);
        if (cut.how === 'restart') await rig.restart();
        else if (cut.how !== 'newer') client.socket.terminate();
        if (cut.how === 'unheard') {
          const unheard = reconnect(rig, welcome, { autoReady: false });
          await once(unheard.socket, 'open');
          unheard.socket.terminate();
        }
        if (cut.how === 'unproved') {
          const unproved = reconnect(rig, welcome, { autoReady: false });
          welcome = await unproved.until('connected');
          unproved.socket.terminate();
        }
        client = reconnect(rig, welcome);
        welcome = await client.until('connected');
        expect(welcome.resumed).toBe(true);
        expect(welcome.received_through).toBeLessThanOrEqual(said);
      }
      client.frames(welcome.received_through + 1, said + 5);
      await finish(client);
      client.socket.close(1000);
      await client.closed;
      expect(rig.turns).toHaveLength(before + 1);
      const turn = rig.turns.at(-1);
      expect(turn?.gaps).toEqual([]);
      expect(turn?.pcm).toEqual(samplesOf(0, said + 5));
    }),
    { numRuns: 25 },
  );
});
