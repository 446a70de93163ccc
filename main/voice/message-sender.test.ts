import { describe, expect, test, vi } from 'vitest';
import { parseRetryAfter, type ServerMessage } from '../../shared/protocol.ts';
import { LIMITS } from './limits.ts';
import { createMessageSender } from './message-sender.ts';
import { SOCKET } from './welcome.ts';

const KIB_256 = 256 * 1024;
const MIB = 1024 * 1024;

const VOICE_STATE: ServerMessage = { event: 'voice_state', session_id: 's', state: 'idle' };
const CONNECTED: ServerMessage = {
  event: 'connected',
  session_id: 's',
  user_id: 'ada',
  protocol: 'voice.v1',
  proof: 'p'.repeat(43),
  challenge: 'c'.repeat(22),
  attempt: 1,
  resumed: false,
  resume_token: 'r',
  received_through: -1,
  heartbeat_ms: 15_000,
  resume_window_ms: 0,
  audio: { encoding: 'pcm_s16le', sample_rate: 16_000, channels: 1, frame_ms: 20 },
};
const REPLACEABLE: ServerMessage[] = [
  { event: 'audio_ack', session_id: 's', through: 9 },
  { event: 'pong', id: 1, client_time: 1, server_time: 2 },
];
const ERROR: ServerMessage = { event: 'error', session_id: 's', code: 'bad_audio', message: 'No.', retryable: false };
const ALL = [VOICE_STATE, CONNECTED, ERROR, ...REPLACEABLE];

class FakeSocket {
  readyState: number = SOCKET.open;
  bufferedAmount = 0;
  readonly sent: unknown[] = [];
  readonly callbacks: Array<(error?: Error | null) => void> = [];

  send(text: string, done: (error?: Error | null) => void): void {
    if (this.readyState !== SOCKET.open) throw new Error('WebSocket is not open');
    this.sent.push(JSON.parse(text));
    this.callbacks.push(done);
  }
}

function rig(socket = new FakeSocket()) {
  const onProblem = vi.fn<(type: 'send_failed' | 'slow_reader', detail: string) => void>();
  const dropped = vi.fn<() => void>();
  /** The close reasons passed with 1013. */
  const closeReasons: string[] = [];
  const closeOverloaded = (reason: string) => {
    closeReasons.push(reason);
    socket.readyState = SOCKET.closing;
  };
  return {
    socket,
    onProblem,
    dropped,
    closeReasons,
    sender: createMessageSender(socket, LIMITS, onProblem, dropped, closeOverloaded),
  };
}

test.each(ALL)('sends $event immediately and unchanged', (message) => {
  const { socket, sender, onProblem, dropped } = rig();
  sender.send(message);
  expect(socket.sent).toEqual([message]);
  expect(onProblem).not.toHaveBeenCalled();
  expect(dropped).not.toHaveBeenCalled();
});

test.each([
  ['connecting', SOCKET.connecting],
  ['closing', SOCKET.closing],
  ['closed', SOCKET.closed],
])('does nothing on a %s socket', (_title, readyState) => {
  const { socket, sender, onProblem, closeReasons } = rig();
  socket.readyState = readyState;
  socket.bufferedAmount = 2 * MIB;
  for (const message of ALL) sender.send(message);
  expect(socket.sent).toEqual([]);
  expect(closeReasons).toEqual([]);
  expect(onProblem).not.toHaveBeenCalled();
});

describe('H40 a client that stops reading', () => {
  test('with up to 256 KiB unsent, everything is sent', () => {
    const { socket, sender } = rig();
    socket.bufferedAmount = KIB_256;
    for (const message of ALL) sender.send(message);
    expect(socket.sent).toEqual(ALL);
  });

  test.each([KIB_256 + 1, MIB])('with %i bytes unsent, replaceable messages are dropped', (waiting) => {
    const { socket, sender, onProblem, dropped, closeReasons } = rig();
    socket.bufferedAmount = waiting;
    for (const message of ALL) sender.send(message);
    expect(socket.sent).toEqual([VOICE_STATE, CONNECTED, ERROR]);
    expect(dropped).toHaveBeenCalledTimes(REPLACEABLE.length);
    expect(closeReasons).toEqual([]);
    expect(onProblem).not.toHaveBeenCalled();
  });

  test('dropped messages are not sent later, and sending continues once the peer reads', () => {
    const { socket, sender } = rig();
    socket.bufferedAmount = KIB_256 + 1;
    sender.send({ event: 'audio_ack', session_id: 's', through: 9 });
    socket.bufferedAmount = 0;
    sender.send({ event: 'audio_ack', session_id: 's', through: 19 });
    expect(socket.sent).toEqual([{ event: 'audio_ack', session_id: 's', through: 19 }]);
  });

  test.each(ALL)('above 1 MiB the connection is closed with 1013 instead of sending $event', (message) => {
    const { socket, sender, onProblem, dropped, closeReasons } = rig();
    socket.bufferedAmount = MIB + 1;
    sender.send(message);
    expect(socket.sent).toEqual([]);
    expect(closeReasons).toHaveLength(1);
    expect(onProblem.mock.calls).toEqual([['slow_reader', expect.stringContaining(String(MIB + 1))]]);
    expect(dropped).toHaveBeenCalledTimes(1);
  });

  test('the close reason tells the client how long to wait', () => {
    const { socket, sender, closeReasons } = rig();
    socket.bufferedAmount = MIB + 1;
    sender.send(VOICE_STATE);
    expect(parseRetryAfter(closeReasons[0] ?? '')).toBe(LIMITS.retryAfterMs);
  });

  test('it is closed and reported once, however many messages follow', () => {
    const { socket, sender, onProblem, closeReasons } = rig();
    socket.bufferedAmount = MIB + 1;
    for (let i = 0; i < 10; i++) sender.send(VOICE_STATE);
    expect(closeReasons).toHaveLength(1);
    expect(onProblem).toHaveBeenCalledTimes(1);
  });
});

test('reports a failed send, closes nothing and sends the next message', () => {
  const { socket, sender, onProblem, closeReasons } = rig();
  sender.send(VOICE_STATE);
  socket.callbacks[0]?.(new Error('write EPIPE'));
  expect(onProblem.mock.calls).toEqual([['send_failed', 'write EPIPE']]);
  expect(closeReasons).toEqual([]);
  sender.send(VOICE_STATE);
  expect(socket.sent).toHaveLength(2);
});

test('reports repeated failures once', () => {
  const { socket, sender, onProblem } = rig();
  for (let i = 0; i < 3; i++) sender.send(VOICE_STATE);
  for (const done of socket.callbacks) done(new Error('write EPIPE'));
  expect(onProblem).toHaveBeenCalledTimes(1);
});

test('does not report sends that fail because the socket was terminated', () => {
  const { socket, sender, onProblem } = rig();
  for (let i = 0; i < 3; i++) sender.send(VOICE_STATE);
  socket.readyState = SOCKET.closing;
  for (const done of socket.callbacks) done(new Error('Cannot call write after a stream was destroyed'));
  expect(onProblem).not.toHaveBeenCalled();
});

test.each([undefined, null])('does not report a successful send (%s)', (error) => {
  const { socket, sender, onProblem } = rig();
  sender.send(VOICE_STATE);
  socket.callbacks[0]?.(error);
  expect(onProblem).not.toHaveBeenCalled();
});
