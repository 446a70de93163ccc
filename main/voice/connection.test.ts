import { setImmediate as nextLoopIteration } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { CLOSE, retryAfterReason } from '../../shared/protocol.ts';
import { close, frame, text } from '../../testing/websocket-frames.ts';
import { RawPeer, voicePing } from '../testing/raw-peer.ts';
import { type Rig, reconnect, startRig, TestClient, watchRejections } from '../testing/voice-rig.ts';
import { LIMITS, type Limits } from './limits.ts';

const rigs: Rig[] = [];
const peers: RawPeer[] = [];
watchRejections();

async function start(limits: Partial<Limits> = {}): Promise<Rig> {
  const rig = await startRig({ limits });
  rigs.push(rig);
  return rig;
}

async function connect(rig: Rig): Promise<RawPeer> {
  const peer = await RawPeer.connect(rig.port);
  peers.push(peer);
  return peer;
}

const disconnected = (rig: Rig, { session }: RawPeer) =>
  rig.untilLogged('WS_DISCONNECT', (fields) => fields.session === session);

afterEach(async () => {
  for (const { socket } of peers.splice(0)) socket.destroy();
  for (const rig of rigs.splice(0)) {
    await rig.stop();
    expect([rig.manager.size, rig.manager.sessions]).toEqual([0, 0]);
  }
  vi.useRealTimers();
});

/** Small enough limits to reach once the buffers of the operating system are full. */
const SMALL = { outboundDropBytes: 64 * 1024, outboundCloseBytes: 128 * 1024 };
/** No rate limit for clients that request many answers. */
const UNLIMITED = { inboundBurst: 10_000_000, inboundPerSecond: 10_000_000 };
/** Causes the largest possible `pong`: each control character of the id is escaped to six bytes. */
const BIG_PING = text(voicePing('\u0001'.repeat(64)));
const MOST_BYTES = 512;
const PINGS = 50;

/** Sends pings without reading until the server drops pongs. @returns the number of pings sent */
async function stall(rig: Rig, peer: RawPeer): Promise<number> {
  peer.socket.pause();
  let asked = 0;
  while (!rig.measured.some(([metric]) => metric === 'dropped')) {
    peer.write(Buffer.concat(Array(PINGS).fill(BIG_PING)));
    asked += PINGS;
    await nextLoopIteration();
  }
  return asked;
}

/** Requests answers that can't be dropped until the server closes. @returns the number of requests sent */
async function overload(rig: Rig, peer: RawPeer): Promise<number> {
  let asked = 0;
  while (!rig.logged.some(({ fields }) => fields.type === 'slow_reader')) {
    peer.send({ event: 'start' });
    asked += 1;
    await nextLoopIteration();
  }
  return asked;
}

/** Records the largest amount of unsent bytes per socket. */
function watchBuffers(): { most: number } {
  const watch = { most: 0 };
  const { send } = WebSocket.prototype;
  vi.spyOn(WebSocket.prototype, 'send').mockImplementation(function (this: WebSocket, ...args) {
    Reflect.apply(send, this, args);
    watch.most = Math.max(watch.most, this.bufferedAmount);
  });
  return watch;
}

describe('H40 a client that stops reading', () => {
  test('drops pongs first, then closes with 1013, within both memory limits; the rest is delivered', async () => {
    const watch = watchBuffers();
    const rig = await start({ ...SMALL, ...UNLIMITED, closeMs: 60_000 });
    const peer = await connect(rig);
    const pings = await stall(rig, peer);
    expect(watch.most).toBeGreaterThan(SMALL.outboundDropBytes);
    expect(watch.most).toBeLessThanOrEqual(SMALL.outboundDropBytes + MOST_BYTES);
    await overload(rig, peer);
    expect(watch.most).toBeGreaterThan(SMALL.outboundCloseBytes);
    expect(watch.most).toBeLessThanOrEqual(SMALL.outboundCloseBytes + MOST_BYTES);
    const droppedPongs = rig.measured.filter(([metric]) => metric === 'dropped').length - 1;

    peer.socket.resume();
    await peer.untilCloseFrame();
    const last = peer.received.at(-1);
    expect(last?.payload.subarray(2).toString()).toBe(retryAfterReason(LIMITS.retryAfterMs));
    expect(peer.closeCode).toBe(CLOSE.overloaded);
    expect(peer.messages('pong')).toHaveLength(pings - droppedPongs);
    peer.leave(CLOSE.overloaded);
    await disconnected(rig, peer);
    const problems = rig.logged.filter(({ event }) => event === 'WARNING' || event === 'ERROR');
    expect(problems).toEqual([{ event: 'WARNING', fields: expect.objectContaining({ type: 'slow_reader' }) }]);
  }, 60_000);

  test('is terminated within closeMs; the client can resume the session in the middle of its turn', async () => {
    const rig = await start({ ...SMALL, ...UNLIMITED, closeMs: 50 });
    const peer = await connect(rig);
    await stall(rig, peer);
    await overload(rig, peer);
    await disconnected(rig, peer);
    expect([rig.manager.size, rig.manager.lost]).toEqual([0, 1]);
    if (peer.welcome === null) throw new Error('no welcome');
    const again = reconnect(rig, peer.welcome);
    expect(await again.until('connected')).toMatchObject({ session_id: peer.session, resumed: true });
    again.sendFrames(0, 9);
    expect(await again.until('audio_ack')).toMatchObject({ through: 9 });
  }, 20_000);

  test('does not delay the acknowledgements of other clients', async () => {
    const groups = await Promise.all(
      ['reads', 'stalls'].map(async (what) => {
        const rig = await start({ ...SMALL, ...UNLIMITED });
        const peer = await connect(rig);
        const honest = new TestClient(rig.url('honest'));
        await honest.startTurn();
        if (what === 'stalls') await stall(rig, peer);
        return { rig, peer, honest, took: [] as number[] };
      }),
    );
    // Alternate between the two, so other load on the machine affects both equally.
    for (let round = 0; round < 100; round++) {
      for (const { peer, honest, took } of groups) {
        peer.write(Buffer.concat(Array(PINGS).fill(BIG_PING)));
        const since = performance.now();
        honest.sendFrames(round * 10, round * 10 + 9);
        await honest.until('audio_ack', round + 1);
        took.push(performance.now() - since);
      }
    }
    const [reads = 0, stalls = 0] = groups.map(({ took }) => took.sort((a, b) => a - b)[50] ?? 0);
    expect(stalls / reads).toBeLessThan(3);
    for (const { honest } of groups) expect(honest.received.filter((m) => m.event === 'audio_ack')).toHaveLength(100);
    expect(groups.map(({ rig }) => rig.logged.filter(({ event }) => event === 'WARNING'))).toEqual([[], []]);
  }, 60_000);
});

describe('closing handshakes are limited to closeMs (the default of ws is 30 s)', () => {
  const shortClose = { closeMs: 50 };

  test('the peer sends a close frame and keeps the TCP connection open', async () => {
    const rig = await start(shortClose);
    const peer = await connect(rig);
    peer.write(close(1000));
    await disconnected(rig, peer);
    expect(peer.closeCode).toBe(1000);
    expect([rig.manager.size, rig.manager.sessions]).toEqual([0, 0]);
  }, 20_000);

  test('the peer violates the protocol and keeps the TCP connection open', async () => {
    const rig = await start(shortClose);
    const peer = await connect(rig);
    peer.write(frame({ opcode: 5 }));
    await disconnected(rig, peer);
    expect(peer.closeCode).toBe(1002);
    expect([rig.manager.size, rig.manager.lost]).toEqual([0, 1]);
  }, 20_000);

  test('the peer reaches the strike limit and keeps sending', async () => {
    const rig = await start(shortClose);
    const peer = await connect(rig);
    let closed = false;
    void peer.closed.then(() => {
      closed = true;
    });
    for (let i = 0; i < LIMITS.strikes; i++) peer.write(text('nonsense'));
    while (!closed) {
      peer.write(text('nonsense'));
      await nextLoopIteration();
    }
    expect(peer.closeCode).toBe(CLOSE.policy);
    expect(peer.messages('error')).toHaveLength(LIMITS.strikes);
    expect(rig.logged.filter(({ event }) => event === 'WARNING')).toHaveLength(LIMITS.strikes);
  }, 20_000);
});

describe('a peer that half-closes the TCP connection', () => {
  test('is disconnected immediately if it has read everything; its session is kept', async () => {
    const rig = await start();
    const peer = await connect(rig);
    peer.socket.end();
    await disconnected(rig, peer);
    expect([rig.manager.size, rig.manager.lost]).toEqual([0, 1]);
  });

  test('is disconnected by the heartbeat after 25 s if it does not read', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const rig = await start({ ...SMALL, ...UNLIMITED });
    const peer = await connect(rig);
    await stall(rig, peer);
    peer.socket.end();
    vi.advanceTimersByTime(15_000);
    await nextLoopIteration();
    vi.advanceTimersByTime(9_999);
    await nextLoopIteration();
    expect(rig.manager.size).toBe(1);
    vi.advanceTimersByTime(1);
    await disconnected(rig, peer);
    expect([rig.manager.size, rig.manager.lost]).toEqual([0, 1]);
    expect(rig.logged.filter(({ event }) => event === 'WARNING')).toEqual([
      { event: 'WARNING', fields: { type: 'peer_silent', session: peer.session } },
    ]);
  });

  test('does not delay stopping the server if it does not read', async () => {
    const rig = await start({ ...SMALL, ...UNLIMITED, closeMs: 50 });
    const peer = await connect(rig);
    await stall(rig, peer);
    peer.socket.end();
    await nextLoopIteration();
    await rig.server.stop();
    expect([rig.manager.size, rig.manager.lost]).toEqual([0, 1]);
  }, 20_000);
});
