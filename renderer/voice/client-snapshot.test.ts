import { describe, expect, test, vi } from 'vitest';
import { readyRig, rig, setupFakeClient } from '../testing/client-rig.ts';
import { IDLE } from '../testing/fakes.ts';

setupFakeClient();

describe('the snapshot', () => {
  test('is the same object until something changes, and every listener is notified of a change', async () => {
    const r = await readyRig();
    const listener = vi.fn();
    const unsubscribe = r.client.subscribe(listener);
    const before = r.client.snapshot();
    expect(r.client.snapshot()).toBe(before);
    r.client.retryNow();
    expect([r.client.snapshot() === before, listener.mock.calls.length]).toEqual([true, 0]);
    r.client.press();
    expect(r.client.snapshot()).not.toBe(before);
    expect(listener).toHaveBeenCalled();
    expect(before.view).toBe('idle');
    unsubscribe();
    const calls = listener.mock.calls.length;
    r.client.press();
    expect(listener).toHaveBeenCalledTimes(calls);
  });

  test('H11 when idle, there is no timer and no network listener, before and after a turn', async () => {
    const r = await readyRig();
    expect([vi.getTimerCount(), r.network.listeners]).toEqual([0, 0]);
    await r.startListening();
    expect(r.network.listeners).toBe(1);
    await r.stopTurn();
    expect([vi.getTimerCount(), r.network.listeners]).toEqual([0, 0]);
  });

  test('contains the start of listening, and null once it has stopped', async () => {
    const r = await readyRig();
    await vi.advanceTimersByTimeAsync(1_234);
    const now = performance.now();
    await r.startListening();
    // Longer than the 5 s after which the failures are reset, which changes the state but not the snapshot.
    await vi.advanceTimersByTimeAsync(5_700);
    r.socket.welcome('s1', 2);
    expect(r.client.snapshot().listeningSince).toBe(now);
    r.client.press();
    expect(r.client.snapshot().listeningSince).toBeNull();
  });

  test.each([
    ['forward', 3_600_000],
    ['back', -3_600_000],
  ])('H60 a wall clock set %s by an hour does not affect the start of the turn or the next retry', async (_, step) => {
    const r = await readyRig();
    const setClock = () => vi.setSystemTime(Date.now() + step);
    setClock();
    const startedAt = performance.now();
    await r.startListening();
    setClock();
    await vi.advanceTimersByTimeAsync(1_000);
    // A clock set forward looks like a sleep, so the connection is pinged once.
    if (step > 0) r.socket.pong();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(r.client.snapshot()).toMatchObject({ view: 'listening', listeningSince: startedAt });
    r.socket.end(1006);
    const { retryAt } = r.client.snapshot();
    if (retryAt === null) throw new Error('no try is planned');
    setClock();
    expect(r.client.snapshot()).toMatchObject({ view: 'reconnecting', retryAt, listeningSince: startedAt });
    await vi.advanceTimersByTimeAsync(retryAt - performance.now() - 1);
    expect(r.sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(r.sockets).toHaveLength(2);
  });

  test('shows that the user is asked for permission even if the prompt belongs to a cancelled press', async () => {
    const r = await readyRig();
    r.client.press();
    r.client.press();
    r.socket.end(1000);
    r.client.press();
    vi.advanceTimersByTime(700);
    expect(r.client.snapshot()).toMatchObject({ view: 'connecting', askingForMic: true });
    r.client.press();
  });

  test('is initially idle, without losses or prompts', () => {
    expect(rig().client.snapshot()).toEqual(IDLE);
  });
});
