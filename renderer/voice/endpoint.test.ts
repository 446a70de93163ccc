import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { VoiceAddress } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import { createEndpointStore } from './endpoint.ts';

const ADDRESS: VoiceAddress = { url: 'ws://127.0.0.1:4001/ws/voice', token: 'secret', accepting: true };
const NEW_ADDRESS: VoiceAddress = { ...ADDRESS, url: 'ws://127.0.0.1:4002/ws/voice' };
const NO_ADDRESS: VoiceAddress = { ...ADDRESS, url: null, accepting: false };

const listeners = new Set<(address: VoiceAddress) => void>();
const lines: unknown[] = [];
let changes = 0;
let answer: () => Promise<VoiceAddress>;

beforeEach(() => {
  listeners.clear();
  lines.length = 0;
  changes = 0;
  answer = async () => ADDRESS;
});

const emit = (address: VoiceAddress) => {
  for (const listener of listeners) listener(address);
};

function open() {
  const getVoiceAddress = vi.fn(() => answer());
  const bridge = {
    getVoiceAddress,
    onVoiceAddress: (listener: (address: VoiceAddress) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const log = (event: string, fields = {}) => lines.push([event, fields]);
  return { store: createEndpointStore(bridge, log, () => void changes++), getVoiceAddress };
}

/** Creates the store and waits for the host's first answer. */
async function known() {
  const opened = open();
  await opened.getVoiceAddress.mock.results[0]?.value;
  await Promise.resolve();
  changes = 0;
  return opened;
}

describe('the latest address', () => {
  test('is null until the host has answered the initial request; then it is the latest one', async () => {
    const { store, getVoiceAddress } = open();
    expect([store.latest, getVoiceAddress.mock.calls.length]).toEqual([null, 1]);
    await vi.waitUntil(() => store.latest !== null);
    expect(store.latest).toEqual(ADDRESS);
    emit(NO_ADDRESS);
    expect(store.latest).toEqual(NO_ADDRESS);
    emit(NEW_ADDRESS);
    expect(store.latest).toEqual(NEW_ADDRESS);
  });

  test('a refresh returns the current address', async () => {
    const { store } = await known();
    answer = async () => NEW_ADDRESS;
    expect(await store.refresh()).toEqual(NEW_ADDRESS);
    expect(store.latest).toEqual(NEW_ADDRESS);
  });

  test('a host that does not answer: the last known address, a log line, and nothing is thrown', async () => {
    const { store } = await known();
    answer = () => Promise.reject(new EarshotError('bridge_gone', 'The host does not answer.'));
    expect(await store.refresh()).toEqual(ADDRESS);
    expect(lines).toEqual([['WARNING', { type: 'no_voice_address', detail: expect.stringContaining('bridge_gone') }]]);
  });

  test('a host that never answered: null', async () => {
    answer = () => Promise.reject(new Error('no'));
    expect(await open().store.refresh()).toBeNull();
  });
});

describe('a changed address', () => {
  test.each<[string, VoiceAddress[], number]>([
    ['elsewhere', [NEW_ADDRESS], 1],
    ['away', [NO_ADDRESS], 0],
    ['away and back to the same port', [NO_ADDRESS, ADDRESS], 1],
    ['away and elsewhere', [NO_ADDRESS, NEW_ADDRESS], 1],
    ['there and back', [NEW_ADDRESS, ADDRESS], 2],
    ['to where it is', [{ ...ADDRESS, accepting: false }, ADDRESS], 0],
  ])('%s', async (_title, addresses, count) => {
    await known();
    for (const address of addresses) emit(address);
    expect(changes).toBe(count);
  });

  test('includes the first address, which a turn may be waiting for', async () => {
    answer = () => Promise.reject(new Error('no'));
    const { store } = open();
    await store.refresh();
    emit(NO_ADDRESS);
    expect(changes).toBe(0);
    emit(ADDRESS);
    expect(changes).toBe(1);
  });

  test('is also found by a refresh', async () => {
    const { store } = await known();
    answer = async () => NEW_ADDRESS;
    await store.refresh();
    expect(changes).toBe(1);
  });

  test('is reported after `latest` was updated, so that listeners can connect', async () => {
    const seen: unknown[] = [];
    const bridge = {
      getVoiceAddress: async () => ADDRESS,
      onVoiceAddress: (listener: (address: VoiceAddress) => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    const store = createEndpointStore(
      bridge,
      () => undefined,
      () => seen.push(store.latest),
    );
    await store.refresh();
    emit(NEW_ADDRESS);
    expect(seen).toEqual([ADDRESS, NEW_ADDRESS]);
  });
});

describe('a blocked host', () => {
  test('is back when it answers after the timeout, even if the address is the same', async () => {
    vi.useFakeTimers();
    const { store } = await known();
    let answerHost: (address: VoiceAddress) => void = () => undefined;
    answer = () =>
      new Promise((resolve) => {
        answerHost = resolve;
      });
    const refreshing = store.refresh();
    await vi.advanceTimersByTimeAsync(500);
    expect([await refreshing, changes]).toEqual([ADDRESS, 0]);
    answerHost(ADDRESS);
    await vi.advanceTimersByTimeAsync(0);
    expect(changes).toBe(1);
    vi.useRealTimers();
  });

  test('that answers in time is not reported', async () => {
    const { store } = await known();
    await store.refresh();
    expect(changes).toBe(0);
  });
});

test('after dispose it no longer listens', async () => {
  const { store } = await known();
  expect(listeners.size).toBe(1);
  store.dispose();
  expect(listeners.size).toBe(0);
});
