import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { composeText } from '../../shared/log-line.ts';
import { ANSWER_TIMEOUT_MS } from '../connection/connection-types.ts';
import {
  FIRST_RETRY_MS,
  framesOf,
  last,
  type Rig,
  readyRig,
  settle,
  setupFakeClient,
  TOKEN,
  URL_1,
} from '../testing/client-rig.ts';

// A connection that is lost and resumed within its session: no audio is lost or duplicated.

setupFakeClient();

describe('a connection that is lost', () => {
  test('is replaced by one with the session id in the URL and the resume proof as third subprotocol', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    const { token } = r.socket;
    await r.reconnect();
    expect(r.socket.url).toBe(`${URL_1}?user_id=ada&session_id=s1`);
    expect(r.socket.protocols).toEqual(r.socket.offerOf(TOKEN, token));
    r.socket.resume('s1', -1);
    for (const socket of r.sockets) {
      expect(socket.messages[0]).toEqual({ event: 'ready', session_id: 's1', proof: socket.answerOf(TOKEN) });
    }
    expect(r.sockets[0]?.messages[0]).not.toEqual(r.socket.messages[0]);
  });

  test('before there was a session is replaced by one that requests none', async () => {
    const r = await readyRig();
    r.client.press();
    await r.reconnect();
    expect(r.socket.url).toBe(`${URL_1}?user_id=ada`);
    expect(r.socket.protocols).toEqual(r.socket.offerOf(TOKEN));
  });

  test('keeps its session; the first connection requests none', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.socket.end(1006);
    expect(r.client.snapshot()).toMatchObject({ view: 'reconnecting', sessionId: 's1' });
    await vi.advanceTimersByTimeAsync(FIRST_RETRY_MS);
    expect(r.client.snapshot()).toMatchObject({ view: 'reconnecting', sessionId: 's1' });
  });

  test('each token is used until a welcome brings the next one, and never after that', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    const tokens = [r.socket.token];
    // A repeated welcome: its token is the latest.
    r.socket.welcome('s1', 2);
    tokens.push(r.socket.token);
    await r.reconnect();
    // The server was not reached, or its welcome was lost. The client can't emit, so it uses the token again.
    await r.reconnect();
    r.socket.resume('s1', -1);
    tokens.push(r.socket.token);
    await r.reconnect();
    r.socket.resume('s1', -1);
    const offered = [undefined, tokens[1], tokens[1], tokens[2]];
    expect(r.sockets.map(({ protocols }) => protocols)).toEqual(
      r.sockets.map((socket, i) => socket.offerOf(TOKEN, offered[i])),
    );
  });

  test('a session that ended normally is not resumed by the next turn', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    await r.stopTurn();
    r.client.press();
    expect([r.socket.url, r.socket.protocols.length]).toEqual([`${URL_1}?user_id=ada`, 2]);
  });
});

describe('a resumed session', () => {
  test('resends exactly the frames after the last one held in order, then those buffered meanwhile, then live ones', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 30);
    r.socket.acknowledge(9);
    r.socket.end(1006);
    r.mic.frames(30, 40);
    await vi.advanceTimersByTimeAsync(FIRST_RETRY_MS);
    r.socket.open();
    expect(r.socket.sent).toEqual([]);
    r.socket.resume('s1', 19);
    r.mic.frames(40, 45);
    expect(r.socket.sent).toEqual(['ready', ...framesOf(20, 45)]);
    expect(r.client.snapshot()).toMatchObject({
      view: 'listening',
      sessionId: 's1',
      resumes: 1,
      newSessions: 0,
      lostMs: 0,
    });
    expect([r.mics.length, r.mic.state]).toEqual([1, 'live']);
  });

  test.each([
    ['nothing', -1, 0],
    ['as much as was acknowledged', 4, 5],
    ['all that was sent', 9, 10],
  ])('whose server holds %s continues after it', async (_title, through, next) => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 10);
    if (through >= 4) r.socket.acknowledge(4);
    await r.reconnect();
    r.socket.resume('s1', through);
    r.mic.frame(10);
    expect(r.socket.frames).toEqual(framesOf(next, 11));
  });

  test('is not started again, and its audio is sent without waiting for an answer', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    await r.reconnect();
    r.socket.resume('s1', -1);
    expect([r.view, r.socket.sentEvents]).toEqual(['listening', ['ready']]);
    await vi.advanceTimersByTimeAsync(2 * ANSWER_TIMEOUT_MS);
    expect([r.view, r.sockets.length]).toEqual(['listening', 2]);
  });

  test('H08 a repeated welcome resends nothing', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 5);
    await r.reconnect();
    r.socket.resume('s1', -1);
    // Older than later acknowledgements, because a repetition contains the seq of the first copy.
    r.socket.acknowledge(2).welcome('s1', 2, -1);
    r.mic.frame(5);
    expect(r.socket.sentEvents).toEqual(['ready', 'ready']);
    expect(r.socket.frames).toEqual(framesOf(0, 6));
    expect([r.client.snapshot().resumes, r.logged('ERROR')]).toEqual([1, []]);
  });

  test('is logged as resumed with the last frame held, and not as a new connection', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 10);
    await r.reconnect();
    const { length } = r.log;
    r.socket.resume('s1', 7);
    expect(r.log.slice(length).map(({ event, fields }) => composeText(event, fields))).toEqual([
      '📥 WS_RECV | event=connected | session=s1 | attempt=1 | resumed=true | received_through=7',
      '📤 WS_SEND | event=ready | session=s1',
      '🎯 WS_RESUMED | session=s1 | held_through=7',
      '🔄 Voice state changed: listening',
    ]);
    expect(r.logged('WS_CONNECTED')).toEqual([{ session: 's1' }]);
    expect(r.logged('AUDIO_LOST')).toEqual([]);
  });

  test('the turn’s clock keeps running during the outage', async () => {
    const r = await readyRig();
    const since = performance.now();
    await r.startListening('s1');
    await vi.advanceTimersByTimeAsync(3_000);
    r.socket.end(1006);
    expect(r.client.snapshot().listeningSince).toBe(since);
    await vi.advanceTimersByTimeAsync(FIRST_RETRY_MS);
    r.socket.open().resume('s1', -1);
    expect(r.client.snapshot().listeningSince).toBe(since);
  });

  test('each one is counted; the next press resets the count', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    for (let i = 1; i <= 3; i++) {
      await r.reconnect();
      expect(r.client.snapshot().resumes).toBe(i - 1);
      r.socket.resume('s1', -1);
      expect(r.client.snapshot().resumes).toBe(i);
    }
    expect(r.client.snapshot().newSessions).toBe(0);
    await r.stopTurn();
    expect(r.client.snapshot().resumes).toBe(3);
    await r.startListening('s2');
    expect(r.client.snapshot()).toMatchObject({ resumes: 0, newSessions: 0 });
  });

  test('H14 further events of the stale connection are ignored', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 30);
    const { onmessage } = r.socket;
    // No data for 3 s: abandoned, although it never closed.
    await vi.advanceTimersByTimeAsync(3_001);
    expect(r.sockets).toHaveLength(2);
    r.socket.open().resume('s1', 9);
    const before = r.client.snapshot();
    onmessage?.({ data: JSON.stringify({ event: 'voice_state', session_id: 's1', state: 'idle' }) });
    r.sockets[0]?.end(1000);
    expect(r.client.snapshot()).toBe(before);
    r.mic.frame(30);
    expect(r.socket.frames).toEqual(framesOf(10, 31));
  });
});

describe('unanswered messages are repeated', () => {
  test('start: sent again, and audio is sent only after its answer', async () => {
    const r = await readyRig();
    r.client.press();
    r.mic.allow();
    r.socket.open().welcome('s1');
    await settle();
    r.mic.frames(0, 3);
    expect(r.socket.sentEvents).toEqual(['ready', 'start']);
    await r.reconnect();
    r.socket.resume('s1', -1);
    expect(r.socket.sent).toEqual(['ready', 'start']);
    r.socket.answer('listening');
    r.mic.frame(3);
    expect(r.socket.frames).toEqual(framesOf(0, 4));
  });

  test('start on a silent connection: after 2 s on another one', async () => {
    const r = await readyRig();
    r.client.press();
    r.mic.allow();
    r.socket.open().welcome('s1');
    await vi.advanceTimersByTimeAsync(ANSWER_TIMEOUT_MS);
    expect(r.sockets[0]?.closes).toEqual([4408]);
    await vi.advanceTimersByTimeAsync(FIRST_RETRY_MS);
    r.socket.open().resume('s1', -1).answer('listening');
    expect([r.view, r.socket.sentEvents]).toEqual(['listening', ['ready', 'start']]);
  });

  test('stop: after the frames that are not held, and only once there', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 5);
    r.client.press();
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect(last(r.socket.sent)).toBe('stop');
    await r.reconnect();
    expect(r.view).toBe('stopping');
    r.socket.resume('s1', 1);
    expect(r.socket.sent).toEqual(['ready', ...framesOf(2, 5), 'stop']);
    r.socket.acknowledge(4).answer('idle');
    expect(r.socket.closes).toEqual([1000]);
    r.socket.end(1000);
    expect(r.client.snapshot()).toMatchObject({ view: 'idle', lostMs: 0, resumes: 1 });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('stop of a turn that the server has already ended: answered again, and done', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frame(0);
    r.client.press();
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    await r.reconnect();
    r.socket.resume('s1', 0);
    expect(r.socket.sent).toEqual(['ready', 'stop']);
    r.socket.answer('idle').end(1000);
    expect(r.client.snapshot()).toMatchObject({ view: 'idle', lostMs: 0 });
  });
});

describe('a press during an outage', () => {
  test('retries immediately, delivers the last audio, and then sends stop', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 3);
    r.socket.end(1006);
    r.mic.frames(3, 5);
    r.mic.tail = [5];
    r.client.press();
    expect([r.view, r.sockets.length]).toEqual(['stopping', 2]);
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    r.socket.open().resume('s1', 0);
    expect(r.socket.sent).toEqual(['ready', ...framesOf(1, 6), 'stop']);
    r.socket.acknowledge(5).answer('idle').end(1000);
    expect(r.client.snapshot()).toMatchObject({ view: 'idle', lostMs: 0, problem: null });
    expect([r.mic.state, vi.getTimerCount()]).toEqual(['off', 0]);
  });

  test('the welcome before the microphone is flushed: stop waits for the last sample', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frame(0);
    r.socket.end(1006);
    r.mic.tail = [1];
    r.client.press();
    r.socket.open().resume('s1', -1);
    expect(r.socket.sent).toEqual(['ready', ...framesOf(0, 1)]);
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect(r.socket.sent).toEqual(['ready', ...framesOf(0, 2), 'stop']);
  });

  test('H12 and another one: the last audio in its own session, then a new session without any of it', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 3);
    r.socket.end(1006);
    r.client.press();
    r.client.press();
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect([r.sockets.length, r.mics.length]).toEqual([2, 2]);
    // The new turn is captured while the previous one is being delivered.
    r.mic.allow();
    await settle();
    r.mic.frame(77);
    expect(r.client.snapshot()).toMatchObject({ view: 'reconnecting', micLive: true, finishing: 1, turnsWaiting: 1 });
    r.socket.open().resume('s1', 0);
    expect(r.socket.sent).toEqual(['ready', ...framesOf(1, 3), 'stop']);
    r.socket.acknowledge(2).answer('idle').end(1000);
    expect([r.sockets.length, r.mics.length, r.socket.url]).toEqual([3, 2, `${URL_1}?user_id=ada`]);
    r.socket.open().welcome('s2').answer('listening');
    r.mic.frame(78);
    expect(r.socket.frames).toEqual(framesOf(77, 79, 0));
    expect(r.client.snapshot()).toMatchObject({ view: 'listening', sessionId: 's2', lostMs: 0 });
  });

  test('H58 before the server listened: started again only to be delivered', async () => {
    const r = await readyRig();
    r.client.press();
    r.mic.allow();
    r.socket.open().welcome('s1');
    await settle();
    r.mic.frames(0, 2);
    r.socket.end(1006);
    r.client.press();
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    r.socket.open().resume('s1', -1);
    expect(r.socket.sent).toEqual(['ready', 'start']);
    r.socket.answer('listening');
    expect(r.socket.sent.slice(2)).toEqual([...framesOf(0, 2), 'stop']);
    r.socket.acknowledge(1).answer('idle').end(1000);
    expect([r.view, vi.getTimerCount()]).toEqual(['idle', 0]);
  });
});

/** A correct server on a connection that can be cut at any time. */
class Server {
  readonly held: number[] = [];
  #received = 0;
  readonly #rig: Rig;

  constructor(rig: Rig) {
    this.#rig = rig;
  }

  /** Receives the next `count` frames that were sent on this connection. */
  receive(count: number): void {
    for (const { seq, pcm } of this.#rig.socket.frames.slice(this.#received, this.#received + count)) {
      this.#received += 1;
      if (seq < this.held.length) continue;
      expect(seq, 'a gap').toBe(this.held.length);
      this.held.push(...pcm);
    }
  }
  acknowledge(): void {
    this.#rig.socket.acknowledge(this.held.length - 1);
  }
  /** Frames in flight are lost; the session is resumed on the next connection. */
  async cut(code: number, meanwhile: () => void): Promise<void> {
    this.#rig.socket.end(code);
    meanwhile();
    this.#rig.client.retryNow();
    await settle();
    this.#received = 0;
    this.#rig.socket.open().resume('s1', this.held.length - 1);
  }
}

type Step = { capture: number } | { receive: number } | 'ack' | { cut: number; meanwhile: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ capture: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ receive: fc.integer({ min: 1, max: 60 }) }),
  fc.constant('ack' as const),
  fc.record({ cut: fc.constantFrom(1001, 1006, 1011, 1013, 4408), meanwhile: fc.integer({ min: 0, max: 60 }) }),
);

test('H17 cut at any time during a turn: the server holds every frame once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const r = await readyRig();
      await r.startListening('s1');
      const server = new Server(r);
      let captured = 0;
      const capture = (frames: number): void => {
        r.mic.frames(captured, captured + frames);
        captured += frames;
      };
      for (const step of steps) {
        if (step === 'ack') server.acknowledge();
        else if ('capture' in step) capture(step.capture);
        else if ('receive' in step) server.receive(step.receive);
        else await server.cut(step.cut, () => capture(step.meanwhile));
      }
      r.client.press();
      await vi.advanceTimersByTimeAsync(r.mic.flushMs);
      expect(last(r.socket.sent)).toBe('stop');
      server.receive(captured);
      server.acknowledge();
      r.socket.answer('idle').end(1000);
      expect(server.held).toEqual(Array.from({ length: captured }, (_, n) => n));
      expect(r.client.snapshot()).toMatchObject({ view: 'idle', lostMs: 0, newSessions: 0 });
    }),
    { numRuns: 60 },
  );
});
