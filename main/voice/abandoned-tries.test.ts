import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CLOSE, type ConnectedMessage } from '../../shared/protocol.ts';
import { close, text } from '../testing/raw-peer.ts';
import {
  proofFor,
  type Rig,
  rawSocket,
  reconnect,
  samplesOf,
  startRig,
  TestClient,
  upgradeRequest,
  watchRejections,
} from '../testing/voice-rig.ts';

// A host that is held up accepts connections all the same: the system does it. Clients give such a try up after 2 s and make
// another one, and when the host goes on, it finds all of them at once, in any order, those given up closed behind their
// request with whatever code the browser says.

let rig: Rig;
watchRejections();

afterEach(async () => {
  await rig.stop();
  vi.useRealTimers();
  expect([rig.manager.size, rig.manager.pending, rig.manager.sessions, rig.manager.lost]).toEqual([0, 0, 0, 0]);
});

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 2 });
const count = (event: string) => rig.logged.filter((entry) => entry.event === event).length;

async function speaker(): Promise<{ client: TestClient; welcome: ConnectedMessage }> {
  const client = new TestClient(rig.url());
  await client.listen();
  return { client, welcome: await client.until('connected') };
}

async function lose(client: TestClient): Promise<void> {
  client.socket.terminate();
  await eventually(() => expect(rig.manager.lost).toBe(1));
}

async function finish(client: TestClient): Promise<void> {
  client.say({ event: 'stop' });
  await eventually(() => expect(client.heard.at(-1)).toMatchObject({ event: 'voice_state', state: 'idle' }));
}

/** How a try that was given up goes on behind its request. */
const ENDINGS = {
  'the page goes away': () => close(CLOSE.goingAway),
  done: () => close(CLOSE.done),
  'given up': () => close(CLOSE.welcomeUnacknowledged),
  'can not believe it': () => close(CLOSE.protocolError),
  'no code': () => close(null),
  'against the rules': () => Buffer.concat([text('not json'), text('not json'), text('not json')]),
  reset: null,
} as const;
type Ending = keyof typeof ENDINGS;
const ALL = Object.keys(ENDINGS) as Ending[];

/** A whole try in one packet: the request, and the end behind it. @param welcome what it would resume; null: a new session */
async function abandonedTry(welcome: ConnectedMessage | null, ending: Ending): Promise<void> {
  const before = count('WS_NEVER_READY');
  const socket = await rawSocket(rig.port);
  socket.resume();
  const { protocols } = proofFor(rig.url(), welcome?.resume_token);
  const session = welcome ? `&session_id=${welcome.session_id}` : '';
  const request = upgradeRequest(rig.port, { 'Sec-WebSocket-Protocol': protocols.join(', ') }).replace(
    'user_id=raw',
    `user_id=tester${session}`,
  );
  const end = ENDINGS[ending];
  if (end) {
    socket.write(Buffer.concat([Buffer.from(request), end()]));
    await eventually(() => expect(count('WS_NEVER_READY')).toBe(before + 1));
    socket.destroy();
    return;
  }
  const accepted = count('WS_CONNECT');
  socket.write(request);
  await eventually(() => expect(count('WS_CONNECT')).toBe(accepted + 1));
  socket.resetAndDestroy();
  await eventually(() => expect(count('WS_NEVER_READY')).toBe(before + 1));
}

describe('a try that its client gave up', () => {
  test.each(ALL)('%s, before the true one: the session is there, and its turn goes on', async (ending) => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await speaker();
    client.frames(0, 9);
    await client.until('audio_ack');
    await lose(client);
    await abandonedTry(welcome, ending);
    expect([rig.manager.sessions, rig.manager.lost, rig.turns[0]?.finished]).toEqual([1, 1, false]);
    const again = reconnect(rig, welcome);
    expect(await again.until('connected')).toMatchObject({ resumed: true, received_through: 9 });
    again.frames(10, 19);
    await finish(again);
    expect(rig.turns).toMatchObject([{ gaps: [], finished: true }]);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 19));
    expect([count('SESSION_LOST'), count('SESSION_RESUMED'), count('SESSION_TAKEN_OVER')]).toEqual([1, 1, 0]);
  });

  test.each(ALL)('%s, beside a connection that stands: that one goes on and is told nothing', async (ending) => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await speaker();
    client.frames(0, 9);
    await abandonedTry(welcome, ending);
    client.frames(10, 19);
    await finish(client);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 19));
    expect([count('SESSION_LOST'), count('SESSION_TAKEN_OVER'), rig.manager.sessions]).toEqual([0, 0, 1]);
    // Its token is still the one that works.
    await lose(client);
    await reconnect(rig, welcome).until('connected');
  });

  test('stays open and never answers: it is closed with 4408, and the connection that stands goes on', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await speaker();
    const silent = reconnect(rig, welcome, { autoReady: false });
    await silent.until('connected', 3);
    client.frames(0, 9);
    expect((await silent.closed).code).toBe(CLOSE.welcomeUnacknowledged);
    await finish(client);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 9));
    expect([count('SESSION_TAKEN_OVER'), count('SESSION_LOST')]).toEqual([0, 0]);
  });

  test('for a new session ends that session alone', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await speaker();
    for (const ending of ALL) await abandonedTry(null, ending);
    await eventually(() => expect(rig.manager.sessions).toBe(1));
    client.frames(0, 9);
    await finish(client);
    await lose(client);
    await reconnect(rig, welcome).until('connected');
    expect(rig.turns).toHaveLength(1);
  });

  test('does not use up the pace of the session: what it says before its ready costs only itself', async () => {
    // The clock stands, so that nothing is refilled.
    rig = await startRig({ limits: { closeMs: 20, inboundBurst: 100 }, monotonicNow: () => 0 });
    const { client, welcome } = await speaker();
    const flood = reconnect(rig, welcome, { autoReady: false });
    await flood.until('connected');
    for (let i = 0; i < 101; i++) flood.say({ event: 'ping', id: i, client_time: 0 });
    expect((await flood.closed).code).toBe(CLOSE.policy);
    client.frames(0, 49);
    await finish(client);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 49));
  });

  test('neither lengthens nor shortens the time for which a lost session is kept', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await speaker();
    client.socket.terminate();
    await rig.untilLogged('SESSION_LOST');
    vi.advanceTimersByTime(29_000);
    const late = reconnect(rig, welcome, { autoReady: false });
    await late.until('connected');
    late.socket.terminate();
    await rig.untilLogged('WS_NEVER_READY');
    vi.advanceTimersByTime(999);
    expect([rig.manager.sessions, count('SESSION_EXPIRED')]).toEqual([1, 0]);
    vi.advanceTimersByTime(1);
    expect([rig.manager.sessions, count('SESSION_EXPIRED')]).toEqual([0, 1]);
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
  });
});

describe('the true try', () => {
  test('in the last moment of the window is waited for until it has answered its welcome', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await speaker();
    client.socket.terminate();
    await rig.untilLogged('SESSION_LOST');
    vi.advanceTimersByTime(29_999);
    const late = reconnect(rig, welcome, { autoReady: false });
    await late.until('connected');
    vi.advanceTimersByTime(1_000);
    late.ready(welcome.session_id);
    await rig.untilLogged('SESSION_RESUMED');
    expect([rig.manager.lost, rig.manager.sessions]).toEqual([0, 1]);
  });

  test('whose session ended between its welcome and its ready is told that there is nothing to resume', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await speaker();
    const late = reconnect(rig, welcome, { autoReady: false });
    await late.until('connected');
    client.socket.close(CLOSE.done);
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    late.ready(welcome.session_id);
    expect((await late.closed).code).toBe(CLOSE.nothingToResume);
    expect([rig.turns.length, rig.turns[0]?.finished]).toEqual([1, true]);
  });

  test('is told at once what the former connection brought between its welcome and its ready', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client: former, welcome } = await speaker();
    former.frames(0, 9);
    await former.until('audio_ack');
    const again = reconnect(rig, welcome, { autoReady: false });
    expect(await again.until('connected')).toMatchObject({ received_through: 9 });
    former.frames(10, 24);
    await former.until('audio_ack', 2);
    again.ready(welcome.session_id);
    expect(await again.until('audio_ack')).toMatchObject({ through: 24 });
    expect((await former.closed).code).toBe(CLOSE.takenOver);
    // It had sent some of them again by then.
    again.frames(10, 29);
    await finish(again);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 29));
  });

  test('may send the whole of a turn again that the former connection has brought and stopped meanwhile', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client: former, welcome } = await speaker();
    former.frames(0, 9);
    await former.until('audio_ack');
    const again = reconnect(rig, welcome, { autoReady: false });
    await again.until('connected');
    former.frames(10, 24);
    await finish(former);
    again.ready(welcome.session_id);
    const desk = { event: 'microphone', label: 'Desk', status: 'muted', instead_of: null };
    again.say({ ...desk, seq: 24 });
    again.frames(10, 24);
    await finish(again);
    expect(again.heard.map(({ event }) => event)).not.toContain('error');
    expect([rig.turns.length, rig.turns[0]?.pcm, rig.turns[0]?.microphone]).toEqual([1, samplesOf(0, 24), []]);
    expect(rig.measured.filter(([name]) => name === 'duplicates')).toHaveLength(15);
    // What is not held is still audio that nobody asked for; a frame that is none is one that nobody could hold.
    again.frame(25);
    again.socket.send(new Uint8Array(9));
    again.say({ ...desk, seq: 25 });
    expect((await again.closed).code).toBe(CLOSE.policy);
    const codes = again.heard.flatMap((message) => (message.event === 'error' ? [message.code] : []));
    expect(codes).toEqual(['not_listening', 'bad_audio', 'not_listening']);
  });

  test('goes on with its session, whatever was given up before it, during its welcome and after it', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const tries = fc.array(fc.constantFrom(...ALL), { maxLength: 6 });
    const plan = fc.record({ lost: fc.boolean(), before: tries, between: tries, after: tries });
    await fc.assert(
      fc.asyncProperty(plan, async ({ lost, before, between, after }) => {
        const turns = rig.turns.length;
        const { client, welcome } = await speaker();
        client.frames(0, 9);
        await client.until('audio_ack');
        if (lost) await lose(client);
        for (const ending of before) await abandonedTry(welcome, ending);
        const again = reconnect(rig, welcome, { autoReady: false });
        const heard = await again.until('connected');
        expect(heard).toMatchObject({ resumed: true, session_id: welcome.session_id, received_through: 9 });
        // Before the welcome is sent again: these are all there already.
        await Promise.all(between.slice(0, 1).map((ending) => abandonedTry(welcome, ending)));
        again.ready(welcome.session_id);
        again.frames(10, 19);
        await again.until('audio_ack');
        // What arrives now has a token that is dead, or the new one.
        for (const ending of after) await abandonedTry(heard, ending);
        again.frames(20, 29);
        await finish(again);
        expect(rig.turns).toHaveLength(turns + 1);
        expect(rig.turns.at(-1)?.pcm).toEqual(samplesOf(0, 29));
        expect(rig.turns.at(-1)?.gaps).toEqual([]);
        again.socket.close(CLOSE.done);
        await eventually(() => expect(rig.manager.sessions).toBe(0));
      }),
      { numRuns: 25 },
    );
  });
});
