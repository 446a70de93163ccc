import { describe, expect, test, vi } from 'vitest';
import { ADDRESS, framesOf, readyRig, rig, settle, setupFakeClient, TOKEN, URL_1 } from '../testing/client-rig.ts';

setupFakeClient();

describe('a press', () => {
  test('opens the socket and then requests the microphone in the same tick', async () => {
    const r = await readyRig();
    r.client.press();
    expect(r.order).toEqual(['socket', 'microphone']);
    expect(r.socket.url).toBe(`${URL_1}?user_id=ada`);
    expect(r.socket.protocols).toEqual(r.socket.offerOf(TOKEN));
    expect(r.mic.options.deviceId).toBe('desk');
    expect(r.view).toBe('connecting');
  });

  test('sets all handlers in the tick that creates the socket', async () => {
    const r = await readyRig();
    r.client.press();
    const { onopen, onmessage, onerror, onclose } = r.socket;
    expect([onopen, onmessage, onerror, onclose]).not.toContain(null);
  });

  test('sets them in that tick also if the address had to be requested', async () => {
    const r = rig({ address: null });
    const handlers: unknown[] = [];
    r.state.onSocket = (socket) => {
      // The first microtask after the code that creates the socket.
      void Promise.resolve().then(() => handlers.push(socket.onopen, socket.onmessage, socket.onerror, socket.onclose));
    };
    await settle();
    r.state.address = ADDRESS;
    r.client.press();
    await settle();
    expect(handlers).toHaveLength(4);
    expect(handlers).not.toContain(null);
  });

  test('uses the current user id and microphone', async () => {
    const r = await readyRig();
    r.settings.user_id = 'bea';
    r.settings.microphone_id = '';
    r.client.press();
    expect(r.socket.url).toBe(`${URL_1}?user_id=bea`);
    expect(r.mic.options.deviceId).toBe('');
  });

  test('answers the welcome with ready, then sends start when the microphone is live', async () => {
    const r = await readyRig();
    r.client.press();
    r.socket.open();
    expect([r.view, r.socket.sent]).toEqual(['connecting', []]);
    r.socket.welcome('s1');
    expect(r.socket.sent).toEqual(['ready']);
    r.mic.allow();
    await settle();
    expect(r.socket.sent).toEqual(['ready', 'start']);
    expect(r.view).toBe('connecting');
    r.socket.answer('listening');
    expect(r.view).toBe('listening');
  });

  test('sends audio only once the server listens: the buffered frames first, in order, from 0', async () => {
    const r = await readyRig();
    r.client.press();
    r.mic.allow().frame(1).frame(2);
    await settle();
    r.socket.open();
    r.mic.frame(3);
    expect(r.socket.sent).toEqual([]);
    r.socket.welcome('s1');
    r.mic.frame(4);
    expect(r.socket.sent).toEqual(['ready', 'start']);
    r.socket.answer('listening');
    r.mic.frame(5);
    expect(r.socket.sent).toEqual(['ready', 'start', ...framesOf(1, 6, 0)]);
  });

  test('to end the turn: the last frame is sent before stop, and the socket is closed after the answer', async () => {
    const r = await readyRig();
    await r.startListening();
    r.mic.frame(1);
    r.mic.tail = [2, 3];
    r.client.press();
    expect([r.view, r.socket.sentEvents]).toEqual(['stopping', ['ready', 'start']]);
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect(r.socket.sent).toEqual(['ready', 'start', { seq: 0, pcm: [1] }, { seq: 1, pcm: [2, 3] }, 'stop']);
    expect(r.socket.closes).toEqual([]);
    r.socket.acknowledge(1).answer('idle');
    expect(r.socket.closes).toEqual([1000]);
    r.socket.end(1000);
    expect([r.view, r.mic.state, r.client.snapshot().lostMs]).toEqual(['idle', 'off', 0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('three presses: another session, from 0, without audio of the first', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frame(1).frame(2);
    await r.stopTurn();
    await r.startListening('s2');
    r.mic.frame(3);
    expect(r.socket.frames).toEqual([{ seq: 0, pcm: [3] }]);
    expect([r.sockets.length, r.mics.length, r.client.snapshot().sessionId]).toEqual([2, 2, 's2']);
  });

  // A microphone takes some ms to be flushed, and the session may have ended before that.
  test.each([1000, 1008, 1009, 4409])(
    'the last samples of a turn that the server ended with %i are not part of the next session',
    async (code) => {
      const r = await readyRig();
      await r.startListening('s1');
      r.mic.tail = [77];
      r.socket.end(code);
      await vi.advanceTimersByTimeAsync(r.mic.flushMs);
      expect([r.mic.state, vi.getTimerCount()]).toEqual(['off', 0]);
      await r.startListening('s2');
      r.mic.frame(1);
      expect(r.socket.frames).toEqual([{ seq: 0, pcm: [1] }]);
    },
  );

  test('before the server listens: waits for the answer, then sends all audio and stop', async () => {
    const r = await readyRig();
    r.client.press();
    r.mic.allow();
    r.socket.open().welcome('s1');
    await settle();
    r.mic.frame(1);
    r.mic.tail = [2];
    r.client.press();
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect([r.view, r.socket.sent]).toEqual(['stopping', ['ready', 'start']]);
    r.socket.answer('listening');
    expect(r.socket.sent.slice(2)).toEqual([...framesOf(1, 3, 0), 'stop']);
    r.socket.acknowledge(1).answer('idle').end(1000);
    expect([r.view, r.client.snapshot().lostMs]).toEqual(['idle', 0]);
  });

  test('audio of a stale microphone is ignored', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    await r.stopTurn();
    await r.startListening('s2');
    r.mics[0]?.frame(66);
    r.mics[0]?.unplug();
    expect([r.view, r.socket.frames]).toEqual(['listening', []]);
  });
});

describe('H08 H09 the welcome', () => {
  test('H08 repeated: answered with ready, without connecting twice', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    const before = r.client.snapshot();
    r.socket.welcome('s1', 2);
    expect(r.socket.sentEvents).toEqual(['ready', 'start', 'ready']);
    expect(r.logged('WS_CONNECTED')).toEqual([{ session: 's1' }]);
    expect(r.client.snapshot()).toEqual(before);
  });

  test('H09 missing for 2 s: another socket, and a late welcome of the first is ignored', async () => {
    const r = await readyRig();
    r.client.press();
    r.mic.allow();
    const first = r.socket.open();
    const { onmessage } = first;
    await vi.advanceTimersByTimeAsync(1_999);
    expect(r.view).toBe('connecting');
    await vi.advanceTimersByTimeAsync(1);
    expect([r.view, first.closes]).toEqual(['reconnecting', [4408]]);
    expect([first.onopen, first.onmessage, first.onerror, first.onclose]).toEqual([null, null, null, null]);
    await vi.advanceTimersByTimeAsync(125);
    expect(r.sockets).toHaveLength(2);
    r.socket.open().welcome('s2').answer('listening');
    const before = r.client.snapshot();
    // A message that was already in the browser's queue.
    onmessage?.({ data: JSON.stringify({ event: 'voice_state', session_id: 'late', state: 'idle' }) });
    expect(r.client.snapshot()).toBe(before);
    expect(before).toMatchObject({ view: 'listening', sessionId: 's2' });
  });
});
