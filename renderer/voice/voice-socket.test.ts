import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CLOSE } from '../../shared/protocol.ts';
import { CLOSED, CLOSING, CONNECTING, FakeVoiceSocket } from '../testing/fake-voice-socket.ts';
import { openVoiceSocket, type VoiceSocketEvents } from './voice-socket.ts';

const reported: string[] = [];
const events: VoiceSocketEvents = {
  onOpen: () => reported.push('open'),
  onMessage: (message) => reported.push(`message ${message.event}`),
  onUnreadable: (detail) => reported.push(`unreadable ${detail}`),
  onError: () => reported.push('error'),
  onClose: (code, reason, opened) => reported.push(`close ${code} ${reason} ${opened}`),
};

function open() {
  const fake = new FakeVoiceSocket('ws://127.0.0.1:4001/ws/voice', []);
  return { fake, socket: openVoiceSocket(() => fake as unknown as WebSocket, events) };
}

beforeEach(() => {
  reported.length = 0;
  vi.stubGlobal('WebSocket', FakeVoiceSocket);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test('all handlers are set in the tick that creates the socket', () => {
  const { fake } = open();
  expect([fake.onopen, fake.onmessage, fake.onerror, fake.onclose]).not.toContain(null);
});

test('reports events in order', () => {
  const { fake } = open();
  fake.open();
  fake.onmessage?.({ data: '{"event":"voice_state","session_id":"s","state":"idle"}' });
  fake.onerror?.();
  fake.onclose?.({ code: 1001, reason: 'bye' });
  expect(reported).toEqual(['open', 'message voice_state', 'error', 'close 1001 bye true']);
});

test('a socket that closes without having opened was refused', () => {
  const { fake } = open();
  fake.onerror?.();
  fake.onclose?.({ code: 1006, reason: '' });
  expect(reported).toEqual(['error', 'close 1006  false']);
});

test.each([
  ['a binary frame', new ArrayBuffer(3), 'a binary frame'],
  ['a blob', {}, 'a binary frame'],
  ['an unknown event', '{"event":"surprise"}', 'event surprise'],
  ['an event of a client', '{"event":"start"}', 'event start'],
  ['no JSON', 'hello', 'not JSON'],
  ['a malformed message', '{"event":"voice_state","session_id":"s","state":"on"}', 'state: '],
])('H38 %s is reported as unreadable, not as a message', (_title, data, detail) => {
  const { fake } = open();
  fake.open();
  fake.onmessage?.({ data });
  expect(reported[1]).toContain(`unreadable ${detail}`);
  expect(reported).toHaveLength(2);
});

describe('state check before every send', () => {
  test('an open socket sends: messages as JSON, frames as they are', () => {
    const { fake, socket } = open();
    fake.open();
    const frame = new Uint8Array(10);
    socket.sendMessage({ event: 'start' });
    socket.send(frame);
    expect(fake.raw).toEqual(['{"event":"start"}', frame]);
    expect(fake.raw[1]).toBe(frame);
  });

  test.each([
    ['connecting', CONNECTING],
    ['closing', CLOSING],
    ['closed', CLOSED],
  ])('a %s socket sends nothing and throws nothing', (_title, readyState) => {
    const { fake, socket } = open();
    fake.readyState = readyState;
    socket.sendMessage({ event: 'stop' });
    socket.send(new Uint8Array(10));
    expect(fake.raw).toEqual([]);
  });

  test('reports how much is buffered', () => {
    const { fake, socket } = open();
    fake.bufferedAmount = 4_096;
    expect(socket.bufferedAmount).toBe(4_096);
  });
});

describe('closing', () => {
  // A page may close with 1000 and 3000 to 4999; any other code throws in a browser.
  test.each([
    [CLOSE.done, 1000],
    [CLOSE.goingAway, 1000],
    [CLOSE.policy, 1000],
    [CLOSE.internal, 1000],
    [3000, 3000],
    [CLOSE.welcomeUnacknowledged, 4408],
  ])('with %i closes with %i', (code, expected) => {
    for (const method of ['close', 'abandon'] as const) {
      const { fake, socket } = open();
      socket[method](code);
      expect(fake.closes).toEqual([expected]);
    }
  });

  test('close still reports the end', () => {
    const { fake, socket } = open();
    socket.close(CLOSE.done);
    fake.onclose?.({ code: 1000, reason: '' });
    expect(reported).toEqual(['close 1000  false']);
  });

  test('H09 an abandoned socket reports nothing', () => {
    const { fake, socket } = open();
    const { onopen, onmessage, onerror, onclose } = fake;
    expect([onopen, onmessage, onerror, onclose]).not.toContain(null);
    socket.abandon(CLOSE.welcomeUnacknowledged);
    expect([fake.onopen, fake.onmessage, fake.onerror, fake.onclose]).toEqual([null, null, null, null]);
    expect(reported).toEqual([]);
  });
});

describe('a socket that can’t be created', () => {
  const impossible = () =>
    openVoiceSocket(() => {
      throw new DOMException("The subprotocol 'token.abc' is invalid.", 'SyntaxError');
    }, events);

  test('is reported like a failed one: asynchronously, once, never opened', async () => {
    const socket = impossible();
    expect(reported).toEqual([]);
    await Promise.resolve();
    expect(reported).toEqual([expect.stringMatching(/^unreadable /), 'close 1006  false']);
    socket.sendMessage({ event: 'start' });
    socket.send(new Uint8Array(10));
    socket.close(CLOSE.done);
    expect(socket.bufferedAmount).toBe(0);
  });

  test('is not reported after it was abandoned', async () => {
    impossible().abandon(CLOSE.done);
    await Promise.resolve();
    expect(reported).toEqual([]);
  });
});
