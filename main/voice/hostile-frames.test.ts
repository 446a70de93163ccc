import { setImmediate as nextLoopIteration } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { composeText } from '../../shared/log-line.ts';
import { AUTH_PREFIX, RESUME_PREFIX } from '../../shared/proof.ts';
import { CLOSE, type ConnectedMessage } from '../../shared/protocol.ts';
import { binary, close, fragments, frame, OP, ping, pong, text } from '../../testing/websocket-frames.ts';
import { audio, RawPeer, voicePing } from '../testing/raw-peer.ts';
import { type Rig, reconnect, samplesOf, startRig, TestClient, TOKEN, watchRejections } from '../testing/voice-rig.ts';
import { LIMITS, type Limits } from './limits.ts';

let rig: Rig;
/** Sends audio alongside every hostile peer and must not be affected. */
let honest: TestClient;
let framesSent = 0;
watchRejections();

/** @param monotonicNow clock of the rate limit; a stopped clock refills nothing */
async function start(limits: Partial<Limits> = {}, monotonicNow?: () => number): Promise<void> {
  rig = await startRig({ limits, ...(monotonicNow ? { monotonicNow } : {}) });
  honest = new TestClient(rig.url('honest'));
  await honest.startTurn();
  await sendFrames();
}

/** Sends ten frames in the honest session and waits for their acknowledgement. */
async function sendFrames(): Promise<void> {
  honest.sendFrames(framesSent, framesSent + 9);
  framesSent += 10;
  await honest.until('audio_ack', framesSent / 10);
}

/** Warnings and errors about a session. */
const problems = (session: string) =>
  rig.logged.filter(({ event, fields }) => (event === 'ERROR' || event === 'WARNING') && fields.session === session);
const disconnected = (session: string) => rig.untilLogged('WS_DISCONNECT', (fields) => fields.session === session);

/** Content of the payloads, which must not appear in the log. */
const PAYLOAD_TEXT = 'what-was-said';

function expectCleanLog(welcome: ConnectedMessage | null): void {
  for (const { event, fields } of rig.logged) {
    const line = composeText(event, fields);
    expect(line.length).toBeLessThanOrEqual(300);
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    for (const secret of [TOKEN, welcome?.resume_token ?? TOKEN, AUTH_PREFIX, RESUME_PREFIX, PAYLOAD_TEXT]) {
      expect(line).not.toContain(secret);
    }
  }
}

/** Checks by a resume whether the session was kept or has ended. */
async function expectSession(peer: RawPeer, retention: 'kept' | 'ended'): Promise<void> {
  await disconnected(peer.session);
  expect(rig.manager.lost).toBe(retention === 'kept' ? 1 : 0);
  if (peer.welcome === null) throw new Error('no welcome');
  const again = reconnect(rig, peer.welcome);
  if (retention === 'ended') expect(await again.closed).toMatchObject({ code: CLOSE.nothingToResume });
  else expect(await again.until('connected')).toMatchObject({ session_id: peer.session, resumed: true });
  again.socket.terminate();
}

beforeEach(() => {
  framesSent = 0;
});
afterEach(async () => {
  await sendFrames();
  expect(honest.socket.readyState).toBe(WebSocket.OPEN);
  const { session_id } = await honest.until('connected');
  expect(problems(session_id)).toEqual([]);
  expect(rig.turns.find((turn) => turn.sessionId === session_id)).toMatchObject({
    pcm: samplesOf(0, framesSent - 1),
    gaps: [],
    finished: false,
  });
  await rig.stop();
  vi.useRealTimers();
  expect([rig.manager.size, rig.manager.pending, rig.manager.sessions, rig.manager.lost]).toEqual([0, 0, 0, 0]);
});

const hello = voicePing(PAYLOAD_TEXT);
const NOT_UTF8 = Buffer.concat([Buffer.from(PAYLOAD_TEXT), Buffer.from([0xff])]);
const half = frame({ opcode: OP.text, fin: false, payload: PAYLOAD_TEXT });
const badClose = (code: number): [string, Uint8Array, number, 'kept'] => [
  `the close code ${code}`,
  close(code, PAYLOAD_TEXT),
  1002,
  'kept',
];

describe('an invalid frame', () => {
  test.each<[string, Uint8Array | Uint8Array[], number, 'kept' | 'ended']>([
    ['without a mask', frame({ opcode: OP.text, payload: hello, masked: false }), 1002, 'kept'],
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): [string, Uint8Array, number, 'kept'] => [
      `with the opcode ${opcode}`,
      frame({ opcode, payload: hello }),
      1002,
      'kept',
    ]),
    ['with RSV1', frame({ opcode: OP.text, rsv: 4, payload: hello }), 1002, 'kept'],
    ['with RSV2', frame({ opcode: OP.text, rsv: 2, payload: hello }), 1002, 'kept'],
    ['with RSV3', frame({ opcode: OP.text, rsv: 1, payload: hello }), 1002, 'kept'],
    ['with a text that is not UTF-8', text(NOT_UTF8), 1007, 'kept'],
    ['with a close reason that is not UTF-8', close(1000, NOT_UTF8), 1007, 'kept'],
    ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].map(badClose),
    ['with a close of one byte', frame({ opcode: OP.close, payload: Buffer.from([3]) }), 1002, 'kept'],
    ['a fragmented control frame', frame({ opcode: OP.ping, fin: false, payload: PAYLOAD_TEXT }), 1002, 'kept'],
    ['a control frame of 126 bytes', ping(PAYLOAD_TEXT.padEnd(126)), 1002, 'kept'],
    ['a continuation without a first fragment', frame({ opcode: OP.continuation, payload: hello }), 1002, 'kept'],
    ['a message within a fragmented one', [half, text(hello)], 1002, 'kept'],
    ['of 64 KiB plus one byte', binary(Buffer.alloc(LIMITS.payloadBytes + 1)), CLOSE.tooLarge, 'ended'],
    [
      'of more than 64 KiB in fragments',
      fragments(OP.text, Array(3).fill('x'.repeat(30_000))),
      CLOSE.tooLarge,
      'ended',
    ],
    ['that declares 2^62 bytes', frame({ opcode: OP.binary, claimedLength: 2n ** 62n }), CLOSE.tooLarge, 'ended'],
    [
      'whose length has its highest bit set',
      frame({ opcode: OP.text, claimedLength: 2n ** 63n }),
      CLOSE.tooLarge,
      'ended',
    ],
    ['of 100,000 fragments of a byte', fragments(OP.text, [...'x'.repeat(100_000)]), CLOSE.policy, 'ended'],
  ])('H37 %s: logged once, closed, and other clients are not affected', async (_, bytes, code, retention) => {
    await start();
    const peer = await RawPeer.connect(rig.port);
    const sending = sendFrames();
    // Everything after it in the same read is ignored.
    peer.write(Buffer.concat([...(bytes instanceof Uint8Array ? [bytes] : bytes), audio(0), text(hello)]));
    await peer.untilEnded();
    await sending;
    expect(peer.closeCode).toBe(code);
    expect(peer.received).toHaveLength(1);
    peer.socket.end();
    await expectSession(peer, retention);
    expect(problems(peer.session)).toEqual([
      { event: 'ERROR', fields: expect.objectContaining({ type: 'socket_error' }) },
    ]);
    expect(rig.turns.find((turn) => turn.sessionId === peer.session)?.pcm).toEqual([]);
    expectCleanLog(peer.welcome);
  });

  test('H37 before ready: the session ends, because no client has confirmed it', async () => {
    await start();
    const peer = await RawPeer.connect(rig.port, { listens: false });
    peer.write(frame({ opcode: 5, payload: hello }));
    await peer.untilEnded();
    expect(peer.closeCode).toBe(1002);
    peer.socket.end();
    await expectSession(peer, 'ended');
    expect(problems(peer.session)).toHaveLength(1);
  });

  test('H37 everything after a close frame is ignored, valid or not', async () => {
    await start();
    const peer = await RawPeer.connect(rig.port);
    peer.write(Buffer.concat([close(4000), audio(0), text(hello), frame({ opcode: 5 }), Buffer.alloc(70_000, 0xff)]));
    await peer.untilEnded();
    expect(peer.closeCode).toBe(4000);
    expect(peer.received).toHaveLength(1);
    peer.socket.end();
    await expectSession(peer, 'kept');
    expect(problems(peer.session)).toEqual([]);
  });
});

describe('an incomplete frame, then nothing', () => {
  const whole = frame({ opcode: OP.text, payload: hello.padEnd(200) });

  test.each([
    ['one byte', whole.subarray(0, 1)],
    ['its first two bytes', whole.subarray(0, 2)],
    ['a header without its mask', whole.subarray(0, 6)],
    ['half its payload', whole.subarray(0, 100)],
    ['a fragment of a message', half],
  ])('H37 %s: disconnected 25 s later, its session kept', async (_, bytes) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await start();
    const peer = await RawPeer.connect(rig.port);
    peer.write(bytes);
    await sendFrames();
    vi.advanceTimersByTime(15_000);
    // The honest peer sends a frame within 10 s after the ping.
    await sendFrames();
    vi.advanceTimersByTime(9_999);
    await sendFrames();
    expect(peer.ended).toBe(false);
    vi.advanceTimersByTime(1);
    await peer.untilEnded();
    expect(problems(peer.session)).toEqual([
      { event: 'WARNING', fields: { type: 'peer_silent', session: peer.session } },
    ]);
    await expectSession(peer, 'kept');
  });

  test('H37 single bytes do not keep the connection alive: only whole frames count', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await start();
    const peer = await RawPeer.connect(rig.port);
    for (let second = 0; second < 25; second++) {
      peer.write(whole.subarray(second, second + 1));
      await sendFrames();
      vi.advanceTimersByTime(1_000);
    }
    await peer.untilEnded();
    expect(problems(peer.session)).toHaveLength(1);
    await expectSession(peer, 'kept');
  });
});

describe('a flood', () => {
  const BURST = 300;
  /** The budget left after `ready` and `start`. */
  const LEFT = BURST - 2;
  const startBounded = (limits: Partial<Limits> = {}) => start({ inboundBurst: BURST, ...limits }, () => 0);
  const FLOOD = (session: string) => [{ event: 'WARNING', fields: { session, type: 'flood' } }];

  test('H37 of sequential pings: each is answered until the rate limit is reached, then 1008', async () => {
    await startBounded();
    const peer = await RawPeer.connect(rig.port);
    for (let n = 1; n <= LEFT; n++) {
      peer.write(ping());
      await peer.until(() => peer.received.length === n);
    }
    peer.write(ping());
    await peer.untilCloseFrame();
    // ws answers a ping before it emits the event, including the one over the limit.
    expect(peer.received.filter(({ opcode }) => opcode === OP.pong)).toHaveLength(LEFT + 1);
    expect(peer.closeCode).toBe(CLOSE.policy);
    peer.leave(CLOSE.policy);
    await expectSession(peer, 'ended');
    expect(problems(peer.session)).toEqual(FLOOD(peer.session));
  });

  test('H37 of pings in one write: closed when too many pongs are unsent, logged, and the session ends', async () => {
    let waiting = 0;
    const answer = WebSocket.prototype.pong;
    vi.spyOn(WebSocket.prototype, 'pong').mockImplementation(function (this: WebSocket, ...args) {
      Reflect.apply(answer, this, args);
      waiting = Math.max(waiting, this.bufferedAmount);
    });
    await start();
    const peer = await RawPeer.connect(rig.port);
    peer.socket.pause();
    const sending = sendFrames();
    peer.write(Buffer.concat(Array(10_000).fill(ping(PAYLOAD_TEXT.padEnd(125)))));
    await disconnected(peer.session);
    await sending;
    expect(waiting).toBeLessThanOrEqual(LIMITS.pendingPongs * (2 + 125));
    await expectSession(peer, 'ended');
    expect(problems(peer.session)).toEqual(FLOOD(peer.session));
    expectCleanLog(peer.welcome);
    peer.socket.destroy();
  });

  test('H37 of pings in one write, exactly as many as permitted, is answered', async () => {
    await start({ pendingPongs: 5 });
    const peer = await RawPeer.connect(rig.port);
    peer.write(Buffer.concat(Array(5).fill(ping())));
    await peer.until(() => peer.received.length === 5);
    expect(problems(peer.session)).toEqual([]);
    peer.write(Buffer.concat(Array(6).fill(ping())));
    await peer.untilEnded();
    expect(peer.closeCode).toBeNull();
    await expectSession(peer, 'ended');
    expect(problems(peer.session)).toEqual(FLOOD(peer.session));
  });

  test('H37 of unsolicited pongs: never answered, and 1008 when the rate limit is reached', async () => {
    await startBounded();
    const peer = await RawPeer.connect(rig.port);
    peer.write(Buffer.concat([...Array(LEFT).fill(pong('x')), ping()]));
    await peer.untilCloseFrame();
    expect(peer.received.map(({ opcode }) => opcode)).toEqual([OP.pong, OP.close]);
    expect(peer.closeCode).toBe(CLOSE.policy);
    peer.leave(CLOSE.policy);
    await expectSession(peer, 'ended');
    expect(problems(peer.session)).toEqual(FLOOD(peer.session));
  });

  test('H37 of pongs within the rate limit has no effect', async () => {
    await startBounded();
    const peer = await RawPeer.connect(rig.port);
    peer.write(Buffer.concat([...Array(LEFT - 1).fill(pong('x')), ping()]));
    await peer.until(() => peer.received.length === 1);
    expect(peer.received[0]?.opcode).toBe(OP.pong);
    expect(problems(peer.session)).toEqual([]);
    peer.socket.destroy();
  });

  test('H37 everything after it is ignored, valid or not', async () => {
    await startBounded();
    const peer = await RawPeer.connect(rig.port);
    const after = [audio(1), text('{"event":"stop"}'), text('nonsense'), frame({ opcode: 5 })];
    peer.write(Buffer.concat([audio(0), ...Array(LEFT).fill(pong()), ...after]));
    await peer.untilEnded();
    expect(peer.closeCode).toBe(CLOSE.policy);
    expect(peer.received).toHaveLength(1);
    const floodIndex = rig.logged.findIndex(({ fields }) => fields.type === 'flood');
    peer.socket.end();
    await disconnected(peer.session);
    const later = rig.logged.slice(floodIndex + 1).filter(({ fields }) => fields.session === peer.session);
    expect(later.filter(({ event }) => event === 'WS_RECV')).toEqual([]);
    expect(problems(peer.session)).toEqual(FLOOD(peer.session));
    expect(rig.turns.find((turn) => turn.sessionId === peer.session)?.pcm).toEqual(samplesOf(0, 0));
  });

  test('H37 that continues after 1008 without answering the close is terminated within closeMs', async () => {
    await startBounded({ closeMs: 50 });
    const peer = await RawPeer.connect(rig.port);
    let closed = false;
    peer.socket.on('close', () => {
      closed = true;
    });
    while (!closed) {
      peer.write(Buffer.concat(Array(50).fill(pong())));
      await nextLoopIteration();
    }
    expect(peer.closeCode).toBe(CLOSE.policy);
    await expectSession(peer, 'ended');
    expect(problems(peer.session)).toEqual(FLOOD(peer.session));
    // The default of ws is 30 s.
  }, 10_000);
});
