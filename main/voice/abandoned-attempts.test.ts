import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CLOSE, type ConnectedMessage } from '../../shared/protocol.ts';
import { close, text } from '../../testing/websocket-frames.ts';
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

// While the host process is stalled, the operating system still accepts connections. Clients abandon an attempt after
// 2 s and retry. When the host continues, it finds all attempts together, in any order; the abandoned ones are already
// closed after their request, with whatever code the browser sent.

let rig: Rig;
watchRejections();

afterEach(async () => {
  await rig.stop();
  vi.useRealTimers();
  expect([rig.manager.size, rig.manager.pending, rig.manager.sessions, rig.manager.lost]).toEqual([0, 0, 0, 0]);
});

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 2 });
const count = (event: string) => rig.logged.filter((entry) => entry.event === event).length;

async function listeningClient(): Promise<{ client: TestClient; welcome: ConnectedMessage }> {
  const client = new TestClient(rig.url());
  await client.startTurn();
  return { client, welcome: await client.until('connected') };
}

async function lose(client: TestClient): Promise<void> {
  client.socket.terminate();
  await eventually(() => expect(rig.manager.lost).toBe(1));
}

async function finish(client: TestClient): Promise<void> {
  client.send({ event: 'stop' });
  await eventually(() => expect(client.received.at(-1)).toMatchObject({ event: 'voice_state', state: 'idle' }));
}

/** What an abandoned attempt sends after its request. */
const ENDINGS = {
  'page closed': () => close(CLOSE.goingAway),
  'session ended': () => close(CLOSE.done),
  'attempt abandoned': () => close(CLOSE.welcomeUnacknowledged),
  'server not trusted': () => close(CLOSE.protocolError),
  'no code': () => close(null),
  'malformed messages': () => Buffer.concat([text('not json'), text('not json'), text('not json')]),
  reset: null,
} as const;
type Ending = keyof typeof ENDINGS;
const ALL_ENDINGS = Object.keys(ENDINGS) as Ending[];

/**
 * Sends a whole attempt in one packet: the request and its end.
 * @param welcome session to resume; null for a new one
 */
async function abandonAttempt(welcome: ConnectedMessage | null, ending: Ending): Promise<void> {
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

describe('an abandoned attempt', () => {
  test.each(ALL_ENDINGS)('%s, before the real attempt: the session is kept and its turn continues', async (ending) => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await listeningClient();
    client.sendFrames(0, 9);
    await client.until('audio_ack');
    await lose(client);
    await abandonAttempt(welcome, ending);
    expect([rig.manager.sessions, rig.manager.lost, rig.turns[0]?.finished]).toEqual([1, 1, false]);
    const again = reconnect(rig, welcome);
    expect(await again.until('connected')).toMatchObject({ resumed: true, received_through: 9 });
    again.sendFrames(10, 19);
    await finish(again);
    expect(rig.turns).toMatchObject([{ gaps: [], finished: true }]);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 19));
    expect([count('SESSION_LOST'), count('SESSION_RESUMED'), count('SESSION_TAKEN_OVER')]).toEqual([1, 1, 0]);
  });

  test.each(ALL_ENDINGS)('%s, beside an active connection: that connection is not affected', async (ending) => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await listeningClient();
    client.sendFrames(0, 9);
    await abandonAttempt(welcome, ending);
    client.sendFrames(10, 19);
    await finish(client);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 19));
    expect([count('SESSION_LOST'), count('SESSION_TAKEN_OVER'), rig.manager.sessions]).toEqual([0, 0, 1]);
    // The token is still valid.
    await lose(client);
    await reconnect(rig, welcome).until('connected');
  });

  test('that stays open and never answers is closed with 4408; the active connection is not affected', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await listeningClient();
    const silent = reconnect(rig, welcome, { autoReady: false });
    await silent.until('connected', 3);
    client.sendFrames(0, 9);
    expect((await silent.closed).code).toBe(CLOSE.welcomeUnacknowledged);
    await finish(client);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 9));
    expect([count('SESSION_TAKEN_OVER'), count('SESSION_LOST')]).toEqual([0, 0]);
  });

  test('for a new session ends only that session', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await listeningClient();
    for (const ending of ALL_ENDINGS) await abandonAttempt(null, ending);
    await eventually(() => expect(rig.manager.sessions).toBe(1));
    client.sendFrames(0, 9);
    await finish(client);
    await lose(client);
    await reconnect(rig, welcome).until('connected');
    expect(rig.turns).toHaveLength(1);
  });

  test('does not use up the rate limit of the session', async () => {
    // The clock is stopped, so the rate limit is not refilled.
    rig = await startRig({ limits: { closeMs: 20, inboundBurst: 100 }, monotonicNow: () => 0 });
    const { client, welcome } = await listeningClient();
    const flood = reconnect(rig, welcome, { autoReady: false });
    await flood.until('connected');
    for (let i = 0; i < 101; i++) flood.send({ event: 'ping', id: i, client_time: 0 });
    expect((await flood.closed).code).toBe(CLOSE.policy);
    client.sendFrames(0, 49);
    await finish(client);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 49));
  });

  test('does not change how long a lost session is kept', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await listeningClient();
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

describe('the real attempt', () => {
  test('at the very end of the resume window still gets time to answer its welcome', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await listeningClient();
    client.socket.terminate();
    await rig.untilLogged('SESSION_LOST');
    vi.advanceTimersByTime(29_999);
    const late = reconnect(rig, welcome, { autoReady: false });
    await late.until('connected');
    vi.advanceTimersByTime(1_000);
    late.sendReady(welcome.session_id);
    await rig.untilLogged('SESSION_RESUMED');
    expect([rig.manager.lost, rig.manager.sessions]).toEqual([0, 1]);
  });

  test('is closed with "nothing to resume" if the session ended between its welcome and ready', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await listeningClient();
    const late = reconnect(rig, welcome, { autoReady: false });
    await late.until('connected');
    client.socket.close(CLOSE.done);
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    late.sendReady(welcome.session_id);
    expect((await late.closed).code).toBe(CLOSE.nothingToResume);
    expect([rig.turns.length, rig.turns[0]?.finished]).toEqual([1, true]);
  });

  test('gets an acknowledgement of what the previous connection delivered between its welcome and ready', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client: former, welcome } = await listeningClient();
    former.sendFrames(0, 9);
    await former.until('audio_ack');
    const again = reconnect(rig, welcome, { autoReady: false });
    expect(await again.until('connected')).toMatchObject({ received_through: 9 });
    former.sendFrames(10, 24);
    await former.until('audio_ack', 2);
    again.sendReady(welcome.session_id);
    expect(await again.until('audio_ack')).toMatchObject({ through: 24 });
    expect((await former.closed).code).toBe(CLOSE.takenOver);
    // The client resends some of them.
    again.sendFrames(10, 29);
    await finish(again);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 29));
  });

  test('may resend a turn that the previous connection has delivered and stopped in the meantime', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client: former, welcome } = await listeningClient();
    former.sendFrames(0, 9);
    await former.until('audio_ack');
    const again = reconnect(rig, welcome, { autoReady: false });
    await again.until('connected');
    former.sendFrames(10, 24);
    await finish(former);
    again.sendReady(welcome.session_id);
    const microphoneMessage = { event: 'microphone', label: 'Desk', status: 'muted', instead_of: null };
    again.send({ ...microphoneMessage, seq: 24 });
    again.sendFrames(10, 24);
    await finish(again);
    expect(again.received.map(({ event }) => event)).not.toContain('error');
    expect([rig.turns.length, rig.turns[0]?.pcm, rig.turns[0]?.microphone]).toEqual([1, samplesOf(0, 24), []]);
    expect(rig.measured.filter(([name]) => name === 'duplicates')).toHaveLength(15);
    // Audio not received before, and an invalid frame, are still errors.
    again.sendFrame(25);
    again.socket.send(new Uint8Array(9));
    again.send({ ...microphoneMessage, seq: 25 });
    expect((await again.closed).code).toBe(CLOSE.policy);
    const codes = again.received.flatMap((message) => (message.event === 'error' ? [message.code] : []));
    expect(codes).toEqual(['not_listening', 'bad_audio', 'not_listening']);
  });

  test('resumes its session, whatever attempts are abandoned before, during and after its welcome', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const attempts = fc.array(fc.constantFrom(...ALL_ENDINGS), { maxLength: 6 });
    const schedule = fc.record({ lost: fc.boolean(), before: attempts, between: attempts, after: attempts });
    await fc.assert(
      fc.asyncProperty(schedule, async ({ lost, before, between, after }) => {
        const turns = rig.turns.length;
        const { client, welcome } = await listeningClient();
        client.sendFrames(0, 9);
        await client.until('audio_ack');
        if (lost) await lose(client);
        for (const ending of before) await abandonAttempt(welcome, ending);
        const again = reconnect(rig, welcome, { autoReady: false });
        const newWelcome = await again.until('connected');
        expect(newWelcome).toMatchObject({ resumed: true, session_id: welcome.session_id, received_through: 9 });
        // Only one, so it completes before the welcome is sent again.
        await Promise.all(between.slice(0, 1).map((ending) => abandonAttempt(welcome, ending)));
        again.sendReady(welcome.session_id);
        again.sendFrames(10, 19);
        await again.until('audio_ack');
        // These attempts have either an invalid token or the new one.
        for (const ending of after) await abandonAttempt(newWelcome, ending);
        again.sendFrames(20, 29);
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
