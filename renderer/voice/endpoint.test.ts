import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { VoiceAddress } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import { createEndpointStore } from './endpoint.ts';

const HERE: VoiceAddress = { url: 'ws://127.0.0.1:4001/ws/voice', token: 'secret', accepting: true };
const THERE: VoiceAddress = { ...HERE, url: 'ws://127.0.0.1:4002/ws/voice' };
const NOWHERE: VoiceAddress = { ...HERE, url: null, accepting: false };

const listeners = new Set<(address: VoiceAddress) => void>();
const lines: unknown[] = [];
let moves = 0;
let answer: () => Promise<VoiceAddress>;

beforeEach(() => {
  listeners.clear();
  lines.length = 0;
  moves = 0;
  answer = async () => HERE;
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
  return { book: createEndpointStore(bridge, log, () => void moves++), getVoiceAddress };
}

/** Creates the store and waits for the host's first answer. */
async function known() {
  const opened = open();
  await opened.getVoiceAddress.mock.results[0]?.value;
  await Promise.resolve();
  moves = 0;
  return opened;
}

describe('the latest address', () => {
  test('is null until the host has answered the initial request; then it is the latest one', async () => {
    const { book, getVoiceAddress } = open();
    expect([book.latest, getVoiceAddress.mock.calls.length]).toEqual([null, 1]);
    await vi.waitUntil(() => book.latest !== null);
    expect(book.latest).toEqual(HERE);
    emit(NOWHERE);
    expect(book.latest).toEqual(NOWHERE);
    emit(THERE);
    expect(book.latest).toEqual(THERE);
  });

  test('a refresh returns the current address', async () => {
    const { book } = await known();
    answer = async () => THERE;
    expect(await book.refresh()).toEqual(THERE);
    expect(book.latest).toEqual(THERE);
  });

  test('a host that does not answer: the last known address, a log line, and nothing is thrown', async () => {
    const { book } = await known();
    answer = () => Promise.reject(new EarshotError('bridge_gone', 'The host does not answer.'));
    expect(await book.refresh()).toEqual(HERE);
    expect(lines).toEqual([['WARNING', { type: 'no_voice_address', detail: expect.stringContaining('bridge_gone') }]]);
  });

  test('a host that never answered: null', async () => {
    answer = () => Promise.reject(new Error('no'));
    expect(await open().book.refresh()).toBeNull();
  });
});

describe('a changed address', () => {
  test.each<[string, VoiceAddress[], number]>([
    ['elsewhere', [THERE], 1],
    ['away', [NOWHERE], 0],
    ['away and back to the same port', [NOWHERE, HERE], 1],
    ['away and elsewhere', [NOWHERE, THERE], 1],
    ['there and back', [THERE, HERE], 2],
    ['to where it is', [{ ...HERE, accepting: false }, HERE], 0],
  ])('%s', async (_title, addresses, count) => {
    await known();
    for (const address of addresses) emit(address);
    expect(moves).toBe(count);
  });

  test('includes the first address, which a turn may be waiting for', async () => {
    answer = () => Promise.reject(new Error('no'));
    const { book } = open();
    await book.refresh();
    emit(NOWHERE);
    expect(moves).toBe(0);
    emit(HERE);
    expect(moves).toBe(1);
  });

  test('is also found by a refresh', async () => {
    const { book } = await known();
    answer = async () => THERE;
    await book.refresh();
    expect(moves).toBe(1);
  });

  test('is reported after `latest` was updated, so that listeners can connect', async () => {
    const seen: unknown[] = [];
    const bridge = {
      getVoiceAddress: async () => HERE,
      onVoiceAddress: (listener: (address: VoiceAddress) => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    const book = createEndpointStore(
      bridge,
      () => undefined,
      () => seen.push(book.latest),
    );
    await book.refresh();
    emit(THERE);
    expect(seen).toEqual([HERE, THERE]);
  });
});

describe('a blocked host', () => {
  test('is back when it answers after the timeout, even if the address is the same', async () => {
    vi.useFakeTimers();
    const { book } = await known();
    let goOn: (address: VoiceAddress) => void = () => undefined;
    answer = () =>
      new Promise((resolve) => {
        goOn = resolve;
      });
    const asked = book.refresh();
    await vi.advanceTimersByTimeAsync(500);
    expect([await asked, moves]).toEqual([HERE, 0]);
    goOn(HERE);
    await vi.advanceTimersByTimeAsync(0);
    expect(moves).toBe(1);
    vi.useRealTimers();
  });

  test('that answers in time is not reported', async () => {
    const { book } = await known();
    await book.refresh();
    expect(moves).toBe(0);
  });
});

test('after dispose it no longer listens', async () => {
  const { book } = await known();
  expect(listeners.size).toBe(1);
  book.dispose();
  expect(listeners.size).toBe(0);
});
