import { describe, expect, test, vi } from 'vitest';
import type { VoiceAddress } from '../../shared/bridge.ts';
import { RESUME_WINDOW_MS } from '../../shared/protocol.ts';
import { ADDRESS, readyRig, rig, settle, setupFakeClient, URL_1 } from '../testing/client-rig.ts';

setupFakeClient();

describe('the address of the voice server', () => {
  test('is requested before the first press, and updated from then on', () => {
    const r = rig();
    expect(r.getVoiceAddress).toHaveBeenCalledTimes(1);
    expect(r.addressListeners.size).toBe(1);
  });

  test('unknown at the press: requested again while the microphone opens, and connected once it is known', async () => {
    const r = rig({ address: null });
    await settle();
    r.state.address = ADDRESS;
    r.client.press();
    expect(r.order).toEqual(['microphone']);
    await settle();
    expect(r.order).toEqual(['microphone', 'socket']);
    expect(r.socket.url).toBe(`${URL_1}?user_id=ada`);
  });

  test('stopped while it is requested: no socket is created, and the client becomes idle', async () => {
    const r = rig({ address: null });
    await settle();
    r.state.address = ADDRESS;
    r.client.press();
    r.client.press();
    r.mic.allow();
    await settle();
    expect([r.view, r.sockets.length, vi.getTimerCount()]).toEqual(['idle', 0, 0]);
  });

  test('unknown for long: retried with growing delays, and connected as soon as it is known', async () => {
    const r = rig({ address: null });
    await settle();
    r.client.press();
    r.mic.allow();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(r.client.snapshot()).toMatchObject({ view: 'reconnecting', breakerOpen: true, problem: null });
    expect([r.sockets.length, r.mic.state]).toEqual([0, 'live']);
    r.changeAddress(ADDRESS);
    expect(r.socket.url).toBe(`${URL_1}?user_id=ada`);
  });

  test('H59 never known: after the window the turn ends with a problem', async () => {
    const r = rig({ address: null });
    await settle();
    r.client.press();
    r.mic.allow();
    await vi.advanceTimersByTimeAsync(RESUME_WINDOW_MS + r.mic.flushMs);
    expect(r.client.snapshot()).toMatchObject({
      view: 'error',
      problem: 'server_gone',
      micLive: false,
      keptUntil: null,
    });
    expect([r.sockets.length, r.mic.state, vi.getTimerCount()]).toEqual([0, 'off', 0]);
  });

  test('a blocked host: given up after 500 ms, and its late answer creates no second socket', async () => {
    const r = rig({ address: null });
    await settle();
    const late: Array<(address: VoiceAddress) => void> = [];
    r.getVoiceAddress.mockImplementation(() => new Promise((resolve) => late.push(resolve)));
    r.client.press();
    await vi.advanceTimersByTimeAsync(625);
    expect([r.view, late.length]).toEqual(['reconnecting', 2]);
    for (const resolve of late) resolve(ADDRESS);
    await settle();
    expect(r.sockets).toHaveLength(1);
  });

  test('null while the voice server is down: no socket until the address is known, then immediately', async () => {
    const r = await readyRig({ address: { ...ADDRESS, url: null } });
    r.client.press();
    await settle();
    expect([r.view, r.sockets.length]).toEqual(['reconnecting', 0]);
    expect(r.logged('WARNING')).toEqual([{ type: 'no_voice_server' }]);
    r.changeAddress(ADDRESS);
    expect(r.sockets).toHaveLength(1);
  });
});
