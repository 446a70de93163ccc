import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BRIDGE_CALLS, BRIDGE_EVENTS } from '../../shared/bridge.ts';
import { sign } from '../../shared/client-proof.ts';
import { signedText } from '../../shared/proof.ts';
import { FakeSocket } from '../testing/fake-bridge-socket.ts';
import { type BridgeEnvironment, connectBridge } from './connect.ts';
import type { PreloadSurface } from './preload-bridge.ts';
import { EXPIRED_TOKEN } from './token.ts';

function fakeWindow(hash: string) {
  return {
    location: { hash, host: '127.0.0.1:4000', origin: 'http://127.0.0.1:4000', pathname: '/', search: '' },
    history: { state: null, replaceState: vi.fn() },
    sessionStorage: { getItem: () => null, setItem: vi.fn(), removeItem: vi.fn() },
    WebSocket: FakeSocket,
    fetch: vi.fn<(url: unknown) => Promise<Response>>(),
    open: vi.fn(),
    navigator: {},
  } satisfies BridgeEnvironment;
}

/** A preload whose calls all return `answer`, and whose events can be fired. */
function preload(answer: (call: string, args: unknown) => Promise<unknown>) {
  const listeners = new Map<string, (payload: unknown) => void>();
  const api = Object.fromEntries([
    ...Object.keys(BRIDGE_CALLS).map((call) => [call, (args: unknown) => answer(call, args)]),
    ...Object.keys(BRIDGE_EVENTS).map((event) => [
      event,
      (listener: (payload: unknown) => void) => {
        listeners.set(event, listener);
        return () => listeners.delete(event);
      },
    ]),
  ]) as PreloadSurface;
  return { api, listeners };
}

/** The answer to the host check of a host that has this secret. */
const answerOfHost = (secret: string) => async (url: unknown) => {
  const { pathname: path, host, origin, searchParams } = new URL(String(url));
  const facts = { path, host, origin, nonce: searchParams.get('nonce') ?? '' };
  return Response.json({ proof: sign(secret, signedText('host', facts)) });
};

beforeEach(() => FakeSocket.reset());

describe('in a browser tab', () => {
  test('has every call and event of the contract, and nothing else', async () => {
    const connecting = connectBridge(fakeWindow('#token=abc'));
    FakeSocket.last.open('abc');
    const { bridge } = await connecting;
    expect(Object.keys(bridge).sort()).toEqual([...Object.keys(BRIDGE_CALLS), ...Object.keys(BRIDGE_EVENTS)].sort());
  });

  test('connects to the host that served the page', async () => {
    const connecting = connectBridge(fakeWindow('#token=abc'));
    FakeSocket.last.open('abc');
    await connecting;
    expect(FakeSocket.last.url).toBe('ws://127.0.0.1:4000/ws/bridge');
  });

  test('H66 adds its own secret to the voice address, whatever the host sends', async () => {
    const connecting = connectBridge(fakeWindow('#token=abc'));
    FakeSocket.last.open('abc');
    const { bridge } = await connecting;
    const received = vi.fn();
    bridge.onVoiceAddress(received);
    const address = { url: 'ws://127.0.0.1:1/ws/voice', token: '', accepting: true };
    FakeSocket.last.receive({ event: 'onVoiceAddress', payload: address });
    expect(received).toHaveBeenCalledExactlyOnceWith({ ...address, token: 'abc' });
    const call = bridge.getVoiceAddress();
    FakeSocket.last.answer('getVoiceAddress', { ...address, token: 'another' });
    expect(await call).toEqual({ ...address, token: 'abc' });
  });

  test('says what to do if it was opened without its token, and opens no socket', async () => {
    await expect(connectBridge(fakeWindow(''))).rejects.toMatchObject({ code: 'bridge_no_token' });
    expect(FakeSocket.created).toEqual([]);
  });

  test('H67 does not use its secret if a service worker controls it', async () => {
    const tab = { ...fakeWindow('#token=abc'), navigator: { serviceWorker: { controller: {} } } };
    await expect(connectBridge(tab)).rejects.toMatchObject({ code: 'page_controlled' });
    expect([FakeSocket.created, tab.sessionStorage.setItem.mock.calls]).toEqual([[], []]);
  });

  test('opens another tab without an opener, with the token in the fragment', async () => {
    const tab = fakeWindow('#token=abc');
    const connecting = connectBridge(tab);
    FakeSocket.last.open('abc');
    const { openTab } = await connecting;
    tab.fetch.mockImplementation(answerOfHost('abc'));
    await openTab();
    expect(tab.open).toHaveBeenCalledExactlyOnceWith('http://127.0.0.1:4000/#token=abc', '_blank', 'noopener');
  });

  test('H66 opens it without the token if another program has the page’s port, even though its own socket is open', async () => {
    const tab = fakeWindow('#token=abc');
    const connecting = connectBridge(tab);
    FakeSocket.last.open('abc');
    const { openTab, link } = await connecting;
    tab.fetch.mockImplementation(answerOfHost('another'));
    await openTab();
    expect([link.state(), tab.open.mock.calls]).toEqual(['up', [['http://127.0.0.1:4000/', '_blank', 'noopener']]]);
  });

  test('H66 asks the host each time whether it still has the page’s port', async () => {
    const tab = fakeWindow('#token=abc');
    const connecting = connectBridge(tab);
    FakeSocket.last.open('abc');
    const { isHostProven } = await connecting;
    tab.fetch.mockImplementation(answerOfHost('abc'));
    expect(await isHostProven()).toBe(true);
    tab.fetch.mockImplementation(answerOfHost('another'));
    expect(await isHostProven()).toBe(false);
    tab.fetch.mockRejectedValue(new TypeError('fetch failed'));
    expect(await isHostProven()).toBe(false);
  });
});

describe('H66 in a tab whose host is gone while another program answers', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('the secret is in no storage and no opened address until the host is back', async () => {
    const tab = fakeWindow('#token=abc');
    const connecting = connectBridge(tab);
    FakeSocket.last.open('abc');
    const { openTab } = await connecting;
    FakeSocket.last.receive({ event: 'onLogRecords', payload: [] });
    tab.sessionStorage.setItem.mockClear();
    FakeSocket.last.close();
    tab.fetch.mockImplementation(async () => new Response('<!doctype html>'));
    await vi.advanceTimersToNextTimerAsync();
    await openTab();
    expect(tab.open.mock.calls).toEqual([['http://127.0.0.1:4000/', '_blank', 'noopener']]);
    expect(tab.sessionStorage.removeItem).toHaveBeenCalledExactlyOnceWith('earshot.token');
    expect([tab.sessionStorage.setItem.mock.calls, FakeSocket.created.length]).toEqual([[], 1]);
    tab.fetch.mockImplementation(answerOfHost('abc'));
    await vi.advanceTimersToNextTimerAsync();
    FakeSocket.last.open('abc');
    FakeSocket.last.answer('getLogHistory', []);
    expect(tab.sessionStorage.setItem).toHaveBeenCalledExactlyOnceWith('earshot.token', 'abc');
  });

  test('with the answer of a restarted Earshot: a reload has no secret, shows the same error, and sends no request', async () => {
    const tab = fakeWindow('#token=abc');
    const connecting = connectBridge(tab);
    FakeSocket.last.open('abc');
    const { link } = await connecting;
    tab.sessionStorage.setItem.mockClear();
    tab.fetch.mockImplementation(answerOfHost('another'));
    FakeSocket.last.close();
    await vi.advanceTimersToNextTimerAsync();
    expect(link.state()).toBe('restarted');
    expect(tab.sessionStorage.setItem).toHaveBeenCalledExactlyOnceWith('earshot.token', EXPIRED_TOKEN);
    const reloaded = { ...fakeWindow(''), sessionStorage: { ...tab.sessionStorage, getItem: () => EXPIRED_TOKEN } };
    FakeSocket.reset();
    await expect(connectBridge(reloaded)).rejects.toMatchObject({ code: 'bridge_restarted' });
    // The placeholder for the secret is public, so anyone could make a proof with it.
    expect([FakeSocket.created, reloaded.fetch.mock.calls]).toEqual([[], []]);
  });

  test('a page that was loaded meanwhile stores no secret', async () => {
    const tab = fakeWindow('#token=abc');
    const refused = expect(connectBridge(tab)).rejects.toMatchObject({ code: 'bridge_unproven' });
    FakeSocket.last.open('another');
    await refused;
    expect(tab.sessionStorage.removeItem).toHaveBeenCalledExactlyOnceWith('earshot.token');
  });
});

describe('in a desktop window', () => {
  test('uses the preload and opens no socket', async () => {
    const { api } = preload(async () => ({ ok: true, value: true }));
    const { bridge, link, isHostProven } = await connectBridge({ ...fakeWindow(''), earshot: api });
    expect(await bridge.openWindow()).toBe(true);
    expect(await isHostProven()).toBe(true);
    expect(link.state()).toBe('up');
    expect(FakeSocket.created).toEqual([]);
  });

  test('opens another window through the host', async () => {
    const answer = vi.fn(async () => ({ ok: true, value: true }));
    const desktop = fakeWindow('');
    const { openTab } = await connectBridge({ ...desktop, earshot: preload(answer).api });
    openTab();
    expect(answer).toHaveBeenCalledExactlyOnceWith('openWindow', undefined);
    expect(desktop.open).not.toHaveBeenCalled();
  });

  test("rejects with the host's own code and sentence", async () => {
    const { api } = preload(async () => ({
      ok: false,
      error: { code: 'no_such_recording', message: 'Gone.' },
    }));
    const { bridge } = await connectBridge({ ...fakeWindow(''), earshot: api });
    await expect(bridge.listRecordings({ limit: 1 })).rejects.toMatchObject({
      code: 'no_such_recording',
      message: 'Gone.',
    });
  });

  test('rejects with bridge_lost if the channel fails', async () => {
    const { api } = preload(() => Promise.reject(new Error('reply was never sent')));
    const { bridge } = await connectBridge({ ...fakeWindow(''), earshot: api });
    await expect(bridge.getSettings()).rejects.toMatchObject({ code: 'bridge_lost' });
  });

  test('delivers the events of the contract until unsubscribed', async () => {
    const { api, listeners } = preload(async () => null);
    const { bridge } = await connectBridge({ ...fakeWindow(''), earshot: api });
    const listener = vi.fn();
    const stop = bridge.onVoiceAddress(listener);
    listeners.get('onVoiceAddress')?.({ url: null, token: 't', accepting: false });
    listeners.get('onVoiceAddress')?.('nonsense');
    stop();
    expect(listener).toHaveBeenCalledExactlyOnceWith({ url: null, token: 't', accepting: false });
    expect(listeners.size).toBe(0);
  });
});
