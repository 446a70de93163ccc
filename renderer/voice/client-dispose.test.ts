import { describe, expect, test, vi } from 'vitest';
import {
  ADDRESS,
  last,
  type Rig,
  readyRig,
  rig,
  settle,
  setupFakeClient,
  simulateServer,
  URL_2,
} from '../testing/client-rig.ts';

setupFakeClient();

describe('H13 dispose', () => {
  const MOMENTS: Array<[string, (r: Rig) => void | Promise<void>]> = [
    ['idle', () => undefined],
    ['connecting', (r) => r.client.press()],
    ['listening', (r) => r.startListening()],
    [
      'stopping',
      async (r) => {
        await r.startListening();
        r.client.press();
      },
    ],
    [
      'reconnecting',
      async (r) => {
        await r.startListening();
        r.socket.end(1006);
      },
    ],
    [
      'resuming a session',
      async (r) => {
        await r.startListening();
        await r.reconnect();
      },
    ],
    [
      'waiting for the open breaker',
      async (r) => {
        r.client.press();
        await vi.advanceTimersByTimeAsync(20_000);
        expect(r.client.snapshot().breakerOpen).toBe(true);
      },
    ],
    [
      'pinging a connection',
      async (r) => {
        await r.startListening();
        vi.setSystemTime(Date.now() + 60_000);
        await vi.advanceTimersByTimeAsync(1_000);
        expect(last(r.socket.sentEvents)).toBe('ping');
      },
    ],
    [
      'refused',
      (r) => {
        r.client.press();
        r.socket.refuse();
      },
    ],
  ];

  test.each(MOMENTS)('while %s leaves no timer, no socket, no microphone and no listener', async (_title, reach) => {
    const r = await readyRig();
    await reach(r);
    r.client.dispose();
    expect(r.sockets.filter((socket) => socket.live)).toEqual([]);
    for (const mic of r.mics) {
      expect(mic.stops).toBeGreaterThan(0);
      mic.allow();
    }
    await vi.advanceTimersByTimeAsync(10);
    expect(r.mics.filter((mic) => mic.state !== 'off')).toEqual([]);
    expect([vi.getTimerCount(), r.addressListeners.size, r.network.listeners]).toEqual([0, 0, 0]);
    const { length } = r.order;
    r.client.press();
    r.client.retryNow();
    r.client.dispose();
    r.changeAddress({ ...ADDRESS, url: URL_2 });
    r.network.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(r.order).toHaveLength(length);
  });

  test('a window that closes while listening reports no loss: what it has sent arrives', async () => {
    const r = await readyRig();
    await r.startListening();
    for (let frame = 0; frame < 5; frame++) r.mic.frame(frame);
    r.client.dispose();
    expect(r.log.map(({ event }) => event)).not.toContain('AUDIO_LOST');
    expect(r.client.snapshot().lostMs).toBe(0);
  });

  test('a window that mounts twice: the second client has the only socket and microphone', async () => {
    const first = await readyRig();
    first.client.press();
    first.client.dispose();
    const second = await readyRig();
    simulateServer(second);
    second.client.press();
    await vi.advanceTimersByTimeAsync(100);
    expect(second.view).toBe('listening');
    first.mic.allow();
    await settle();
    const sockets = [...first.sockets, ...second.sockets].filter((socket) => socket.live);
    const mics = [...first.mics, ...second.mics].filter((mic) => mic.state !== 'off');
    expect([sockets, mics]).toEqual([second.sockets, second.mics]);
  });

  test('two clients share nothing', async () => {
    const first = await readyRig();
    const second = await readyRig();
    await first.startListening('a');
    await second.startListening('b');
    first.mic.frame(1);
    first.client.dispose();
    second.mic.frame(2);
    expect([second.view, second.client.snapshot().sessionId]).toEqual(['listening', 'b']);
    expect([first.socket.frames, second.socket.frames]).toEqual([[{ seq: 0, pcm: [1] }], [{ seq: 0, pcm: [2] }]]);
  });

  test('while the address is requested: its answer creates no socket', async () => {
    const r = rig();
    r.client.press();
    r.client.dispose();
    await settle();
    expect(r.sockets).toEqual([]);
  });

  test('a browser that can’t create the socket: its error is ignored afterwards', async () => {
    const r = await readyRig();
    r.state.onSocket = () => {
      throw new Error('no');
    };
    r.client.press();
    r.client.dispose();
    const { length } = r.log;
    const callCount = r.getVoiceAddress.mock.calls.length;
    await settle();
    expect([r.log.length, r.getVoiceAddress.mock.calls.length]).toEqual([length, callCount]);
  });
});
