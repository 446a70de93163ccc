import { beforeEach, describe, expect, it, vi } from 'vitest';
import { BRIDGE_CALLS, BRIDGE_EVENTS } from '../../shared/bridge.ts';
import { type BridgePlace, connectBridge } from './connect.ts';
import { FakeSocket } from './fake-socket.ts';
import type { PreloadSurface } from './preload-bridge.ts';

function place(hash: string) {
  return {
    location: { hash, host: '127.0.0.1:4000', origin: 'http://127.0.0.1:4000', pathname: '/', search: '' },
    history: { state: null, replaceState: vi.fn() },
    sessionStorage: { getItem: () => null, setItem: () => undefined },
    WebSocket: FakeSocket,
    fetch: vi.fn(),
    open: vi.fn(),
  } satisfies BridgePlace;
}

/** A preload whose every call gives `answer`, and whose events can be fired. */
function preload(answer: (call: string, args: unknown) => Promise<unknown>) {
  const listeners = new Map<string, (payload: unknown) => void>();
  const surface = Object.fromEntries([
    ...Object.keys(BRIDGE_CALLS).map((call) => [call, (args: unknown) => answer(call, args)]),
    ...Object.keys(BRIDGE_EVENTS).map((event) => [
      event,
      (listener: (payload: unknown) => void) => {
        listeners.set(event, listener);
        return () => listeners.delete(event);
      },
    ]),
  ]) as PreloadSurface;
  return { surface, listeners };
}

beforeEach(() => FakeSocket.reset());

describe('in a browser tab', () => {
  it('has every call and every event of the contract, and nothing else', async () => {
    const connecting = connectBridge(place('#token=abc'));
    FakeSocket.last.open();
    const { bridge } = await connecting;
    expect(Object.keys(bridge).sort()).toEqual([...Object.keys(BRIDGE_CALLS), ...Object.keys(BRIDGE_EVENTS)].sort());
  });

  it('connects to the host that served the page', async () => {
    const connecting = connectBridge(place('#token=abc'));
    FakeSocket.last.open();
    await connecting;
    expect(FakeSocket.last.url).toBe('ws://127.0.0.1:4000/ws/bridge');
  });

  it('says what to do when it was opened without its key, and makes no socket', async () => {
    await expect(connectBridge(place(''))).rejects.toMatchObject({ code: 'bridge_no_token' });
    expect(FakeSocket.made).toEqual([]);
  });

  it('opens another tab on its own, with the key in the fragment', async () => {
    const tab = place('#token=abc');
    const connecting = connectBridge(tab);
    FakeSocket.last.open();
    const { openTab } = await connecting;
    openTab();
    expect(tab.open).toHaveBeenCalledExactlyOnceWith('http://127.0.0.1:4000/#token=abc', '_blank', 'noopener');
  });
});

describe('in a desktop window', () => {
  it('goes through the preload and makes no socket', async () => {
    const { surface } = preload(async () => ({ ok: true, value: true }));
    const { bridge, link } = await connectBridge({ ...place(''), earshot: surface });
    expect(await bridge.openWindow()).toBe(true);
    expect(link.state()).toBe('up');
    expect(FakeSocket.made).toEqual([]);
  });

  it('opens another window through the host', async () => {
    const answer = vi.fn(async () => ({ ok: true, value: true }));
    const desktop = place('');
    const { openTab } = await connectBridge({ ...desktop, earshot: preload(answer).surface });
    openTab();
    expect(answer).toHaveBeenCalledExactlyOnceWith('openWindow', undefined);
    expect(desktop.open).not.toHaveBeenCalled();
  });

  it("rejects with the host's own code and sentence", async () => {
    const { surface } = preload(async () => ({ ok: false, error: { code: 'no_such_recording', message: 'Gone.' } }));
    const { bridge } = await connectBridge({ ...place(''), earshot: surface });
    await expect(bridge.listRecordings()).rejects.toMatchObject({ code: 'no_such_recording', message: 'Gone.' });
  });

  it('says bridge_lost when the channel itself fails', async () => {
    const { surface } = preload(() => Promise.reject(new Error('reply was never sent')));
    const { bridge } = await connectBridge({ ...place(''), earshot: surface });
    await expect(bridge.getSettings()).rejects.toMatchObject({ code: 'bridge_lost' });
  });

  it('hands over events that the contract knows, until unsubscribed', async () => {
    const { surface, listeners } = preload(async () => null);
    const { bridge } = await connectBridge({ ...place(''), earshot: surface });
    const listener = vi.fn();
    const stop = bridge.onVoiceAddress(listener);
    listeners.get('onVoiceAddress')?.({ url: null, token: 't', accepting: false });
    listeners.get('onVoiceAddress')?.('nonsense');
    stop();
    expect(listener).toHaveBeenCalledExactlyOnceWith({ url: null, token: 't', accepting: false });
    expect(listeners.size).toBe(0);
  });
});
