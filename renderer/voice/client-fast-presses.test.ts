import { describe, expect, test, vi } from 'vitest';
import { framesOf, last, readyRig, settle, setupFakeClient, simulateServer } from '../testing/client-rig.ts';

setupFakeClient();

describe('H12 presses at any time', () => {
  test.each([
    [50, 'idle'],
    [51, 'listening'],
  ] as const)('%i presses in one second settle as %s, with one socket at a time', async (presses, view) => {
    for (const ms of [0, 1, 7, 20, 90]) {
      const r = await readyRig();
      simulateServer(r, ms);
      for (let i = 0; i < presses; i++) {
        r.client.press();
        expect(r.sockets.filter((socket) => socket.live).length).toBeLessThanOrEqual(1);
        expect(r.mics.filter((mic) => mic.state === 'live').length).toBeLessThanOrEqual(1);
        await vi.advanceTimersByTimeAsync(20);
      }
      await vi.advanceTimersByTimeAsync(2_000);
      expect(r.view).toBe(view);
      const live = view === 'idle' ? 0 : 1;
      expect(r.sockets.filter((socket) => socket.live)).toHaveLength(live);
      expect(r.mics.filter((mic) => mic.state !== 'off')).toHaveLength(live);
      for (const socket of r.sockets) expect(socket.sentEvents.join()).toMatch(/^(ready(,start(,stop)?)?)?$/);
    }
  });

  test('fifty presses in one tick: the last one determines the state', async () => {
    const r = await readyRig();
    simulateServer(r);
    for (let i = 0; i < 50; i++) r.client.press();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([r.view, r.sockets.some((socket) => socket.live)]).toEqual(['idle', false]);
    r.client.press();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(r.view).toBe('listening');
  });

  test('a press during the delay before a retry of the first connection, without a microphone: no further attempt', async () => {
    const r = await readyRig();
    r.client.press();
    r.socket.refuse();
    r.client.press();
    await vi.advanceTimersByTimeAsync(10_000);
    r.mic.allow();
    await settle();
    expect([r.view, r.sockets.length, r.mic.state, vi.getTimerCount()]).toEqual(['idle', 1, 'off', 0]);
  });

  test('H58 such a press after the window has shown that audio is kept: the audio is delivered once connected', async () => {
    const r = await readyRig();
    r.client.press();
    r.mic.allow();
    await settle();
    r.socket.refuse();
    r.mic.frames(0, 3);
    r.client.press();
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect([r.client.snapshot().view, r.client.snapshot().finishing, r.mic.state]).toEqual(['stopping', 1, 'off']);
    r.socket.open().welcome('s1').answer('listening');
    expect(r.socket.sent).toEqual(['ready', 'start', ...framesOf(0, 3), 'stop']);
    r.socket.acknowledge(2).answer('idle').end(1000);
    expect([r.view, vi.getTimerCount()]).toEqual(['idle', 0]);
  });

  test('a press from within a listener', async () => {
    const r = await readyRig();
    simulateServer(r);
    const views: string[] = [];
    const unsubscribe = r.client.subscribe(() => {
      views.push(r.view);
      if (r.view === 'listening') r.client.press();
    });
    r.client.press();
    await vi.advanceTimersByTimeAsync(1_000);
    unsubscribe();
    expect(r.view).toBe('idle');
    expect(views).toContain('listening');
    expect(views.at(-1)).toBe('idle');
    expect(last(r.sockets).sentEvents).toEqual(['ready', 'start', 'stop']);
  });
});
