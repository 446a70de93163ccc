import { describe, expect, test, vi } from 'vitest';
import type { ServerMessage } from '../../shared/protocol.ts';
import { type ConnectionState, INITIAL_STATE } from '../connection/connection-types.ts';
import { createServerMessages } from './server-messages.ts';

const SOCKET = 1;

function setUp(change: Partial<ConnectionState> = {}) {
  const audio = { through: 10, canHold: vi.fn(() => true), acknowledge: vi.fn(() => true) };
  const log = vi.fn();
  const dispatch = vi.fn();
  const state: ConnectionState = { ...INITIAL_STATE, socket: SOCKET, sessionId: 's1', link: 'opening', ...change };
  const timing = () => ({ random: 0.5, at: 0 });
  const messages = createServerMessages({ audio, log, state: () => state, timing, dispatch });
  return { audio, log, dispatch, messages };
}

const welcome = (sessionId: string, through: number) =>
  ({
    event: 'connected',
    session_id: sessionId,
    resumed: true,
    resume_token: 'token',
    received_through: through,
  }) as ServerMessage;

describe('messages of the server', () => {
  test('a welcome gives the credentials of its session, until they are discarded', () => {
    const { messages, dispatch } = setUp();
    expect([messages.credentials, messages.heldThrough]).toEqual([null, -1]);
    messages.receive(SOCKET, welcome('s1', 7));
    expect([messages.credentials, messages.heldThrough]).toEqual([{ sessionId: 's1', token: 'token' }, 7]);
    expect(dispatch.mock.calls).toMatchObject([[{ type: 'welcome', sessionId: 's1', isConsistent: true }]]);
    messages.discardCredentials();
    expect(messages.credentials).toBeNull();
  });

  test('the welcome of another session or of a stale socket gives no credentials', () => {
    const { messages } = setUp();
    messages.receive(SOCKET, welcome('s2', 7));
    messages.receive(SOCKET - 1, welcome('s1', 7));
    expect(messages.credentials).toBeNull();
  });

  test('after failures, an acknowledgement of more than the welcome named is progress', () => {
    const { messages, dispatch } = setUp({ failures: 2 });
    messages.receive(SOCKET, welcome('s1', 7));
    dispatch.mockClear();
    messages.receive(SOCKET, { event: 'audio_ack', session_id: 's1', through: 7 });
    expect(dispatch).not.toHaveBeenCalled();
    messages.receive(SOCKET, { event: 'audio_ack', session_id: 's1', through: 8 });
    expect(dispatch.mock.calls).toEqual([[{ type: 'progress', socket: SOCKET }]]);
  });

  test('without failures, an acknowledgement changes nothing', () => {
    const { messages, dispatch } = setUp();
    messages.receive(SOCKET, { event: 'audio_ack', session_id: 's1', through: 8 });
    expect(dispatch).not.toHaveBeenCalled();
  });

  test('an acknowledgement of audio that was never sent is a protocol error', () => {
    const { messages, audio, log, dispatch } = setUp();
    audio.acknowledge.mockReturnValue(false);
    messages.receive(SOCKET, { event: 'audio_ack', session_id: 's1', through: 99 });
    expect(log.mock.calls).toEqual([['ERROR', { type: 'impossible_ack', through: 99, sent: 10 }]]);
    expect(dispatch.mock.calls).toMatchObject([[{ type: 'protocol_error', socket: SOCKET }]]);
  });
});
