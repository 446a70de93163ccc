import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { framesOf, type Rig, readyRig, settle, setupFakeClient } from '../testing/client-rig.ts';

setupFakeClient();

let r: Rig;

beforeEach(async () => {
  r = await readyRig();
});

/** The `pause` messages on the newest socket, as `seq: seconds`. */
const pauses = () =>
  r.socket.messages.filter(({ event }) => event === 'pause').map(({ seq, seconds }) => `${seq}: ${seconds}`);

describe('pause', () => {
  test('sends no frames; the turn stays one, and its frames stay numbered without a gap', async () => {
    await r.startListening();
    r.mic.frames(0, 5);
    r.client.setPaused(true);
    expect([r.view, r.client.snapshot().pausedAt !== null]).toEqual(['paused', true]);
    r.mic.frames(100, 200);
    await vi.advanceTimersByTimeAsync(12_000);
    r.client.setPaused(false);
    r.mic.frames(5, 10);
    expect(r.socket.frames).toEqual(framesOf(0, 10));
    expect(pauses()).toEqual(['5: null', '5: 12']);
    expect([r.view, r.client.snapshot().lostMs, r.sockets.length]).toEqual(['listening', 0, 1]);
  });

  test('the message with the length comes before the frame that follows the pause', async () => {
    await r.startListening();
    r.mic.frames(0, 2);
    r.client.setPaused(true);
    await vi.advanceTimersByTimeAsync(1_000);
    r.client.setPaused(false);
    r.mic.frame(2);
    expect(r.socket.sent.slice(-2)).toEqual(['pause', { seq: 2, pcm: [2] }]);
  });

  test('however long it is, no watch counts it as a fault', async () => {
    await r.startListening();
    r.mic.frames(0, 15);
    r.socket.acknowledge(14);
    r.client.setPaused(true);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect([r.view, r.sockets.length, r.logged('WS_FROZEN'), r.logged('CAPTURE_GAP')]).toEqual(['paused', 1, [], []]);
  });

  test('gaps of the microphone during the pause are not missing audio, and those after it are', async () => {
    await r.startListening();
    r.mic.frames(0, 1);
    r.client.setPaused(true);
    r.mic.gap(4_000, 'stalled').gap(2_000);
    await vi.advanceTimersByTimeAsync(6_000);
    r.client.setPaused(false);
    await vi.advanceTimersByTimeAsync(200);
    // Reported now, but most of it lies in the pause.
    r.mic.gap(3_000).frame(1);
    expect([r.client.snapshot().uncapturedMs, r.client.snapshot().stalledMs]).toEqual([200, 0]);
  });

  test('the elapsed time stands still during a pause', async () => {
    await r.startListening();
    const since = r.client.snapshot().listeningSince ?? 0;
    await vi.advanceTimersByTimeAsync(2_000);
    r.client.setPaused(true);
    await vi.advanceTimersByTimeAsync(5_000);
    expect((r.client.snapshot().pausedAt ?? 0) - since).toBe(2_000);
    r.client.setPaused(false);
    expect(r.client.snapshot().listeningSince).toBe(since + 5_000);
  });

  test('an outage during a pause resumes the same session, and the pause is told again', async () => {
    await r.startListening();
    r.mic.frames(0, 3);
    r.client.setPaused(true);
    const socket = await r.reconnect();
    expect(r.view).toBe('reconnecting');
    r.mic.frames(100, 110);
    socket.resume('s1', 2);
    expect([r.view, pauses()]).toEqual(['paused', ['3: null']]);
    r.client.setPaused(false);
    r.mic.frames(3, 5);
    expect(r.socket.frames).toEqual(framesOf(3, 5));
    expect(r.client.snapshot().lostMs).toBe(0);
  });

  test('a pause in an outage that ends in it is told when the session resumes', async () => {
    await r.startListening();
    r.mic.frames(0, 3);
    r.socket.end(1006);
    r.client.setPaused(true);
    await vi.advanceTimersByTimeAsync(50);
    r.client.setPaused(false);
    r.mic.frames(3, 4);
    await vi.advanceTimersByTimeAsync(75);
    r.socket.open().resume('s1', 2);
    expect(pauses()).toEqual(['3: 0.05']);
    expect(r.socket.frames).toEqual(framesOf(3, 4));
  });

  test('two pauses without a frame between them are one', async () => {
    await r.startListening();
    r.mic.frame(0);
    for (let i = 0; i < 2; i++) {
      r.client.setPaused(true);
      await vi.advanceTimersByTimeAsync(400);
      r.client.setPaused(false);
    }
    r.mic.frame(1);
    expect(pauses().at(-1)).toBe('1: 0.8');
  });

  test('what the microphone still holds when a paused turn is stopped is not recorded', async () => {
    await r.startListening();
    r.mic.frames(0, 3);
    r.client.setPaused(true);
    r.mic.tail = [99];
    await r.stopTurn();
    expect(r.sockets[0]?.frames).toEqual(framesOf(0, 3));
    await r.startListening('s2');
    r.mic.frame(7);
    expect([r.view, r.socket.frames]).toEqual(['listening', [{ seq: 0, pcm: [7] }]]);
  });

  test('no level is shown', async () => {
    await r.startListening();
    const levels: unknown[] = [];
    r.client.onLevel((level) => levels.push(level));
    r.client.setPaused(true);
    r.mic.frames(0, 5);
    expect(levels).toEqual([]);
  });

  test('a dead connection is found out when the turn goes on, and nothing is lost', async () => {
    await r.startListening();
    r.client.setPaused(true);
    await vi.advanceTimersByTimeAsync(60_000);
    r.client.setPaused(false);
    r.mic.frames(0, 5);
    expect(r.socket.sentEvents.at(-2)).toBe('ping');
    await vi.advanceTimersByTimeAsync(1_000);
    await settle();
    expect([r.view, r.client.snapshot().lostMs]).toEqual(['reconnecting', 0]);
  });
});

test('property: however often a turn is paused and cut, it is one turn with every frame outside of the pauses', async () => {
  const step = fc.constantFrom('frame', 'pause', 'continue', 'cut');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const own = await readyRig();
      await own.startListening();
      let next = 0;
      let paused = false;
      /** The last frame that the server has. */
      const held = () => Math.max(-1, ...own.sockets.flatMap(({ frames }) => frames.map(({ seq }) => seq)));
      for (const what of steps) {
        await vi.advanceTimersByTimeAsync(20);
        if (what === 'pause' || what === 'continue') {
          paused = what === 'pause';
          own.client.setPaused(paused);
          own.socket.pong();
        } else if (what === 'cut') {
          await own.reconnect();
          own.socket.resume('s1', held());
        } else if (paused) own.mic.frame(9_999);
        else own.mic.frame(next++);
      }
      expect(own.view).toBe(paused ? 'paused' : 'listening');
      own.client.setPaused(false);
      own.mic.frame(next++);
      const sent = own.sockets.flatMap(({ frames }) => frames);
      expect(sent).toEqual(framesOf(0, next));
      expect([own.client.snapshot().lostMs, own.client.snapshot().newSessions]).toEqual([0, 0]);
      own.client.dispose();
    }),
    { numRuns: 60 },
  );
});

describe('mute', () => {
  test('records silence for as long as it lasts, and says so as a state of the microphone', async () => {
    await r.startListening();
    r.mic.setState('ok').frames(1, 3);
    r.client.setMuted(true);
    r.mic.frames(3, 6);
    expect(r.client.snapshot()).toMatchObject({ view: 'listening', muted: true });
    expect(r.client.snapshot().microphone?.status).toBe('muted_in_app');
    r.client.setMuted(false);
    r.mic.frame(6);
    expect(r.socket.frames.map(({ pcm }) => pcm[0])).toEqual([1, 2, 0, 0, 0, 6]);
    const states = r.socket.messages.filter(({ event }) => event === 'microphone');
    expect(states.map(({ seq, status }) => [seq, status])).toEqual([
      [0, 'ok'],
      [2, 'muted_in_app'],
      [5, 'ok'],
    ]);
  });

  test('hides other states of the microphone until it is unmuted', async () => {
    await r.startListening();
    r.mic.setState('ok').frame(1);
    r.client.setMuted(true);
    r.mic.setState('silent').frame(1);
    expect(r.client.snapshot().microphone?.status).toBe('muted_in_app');
    r.client.setMuted(false);
    expect(r.client.snapshot().microphone?.status).toBe('silent');
  });

  test('the next turn is not muted', async () => {
    await r.startListening();
    r.client.setMuted(true);
    await r.stopTurn();
    await r.startListening('s2');
    r.mic.setState('ok').frame(9);
    expect([r.client.snapshot().muted, r.socket.frames]).toEqual([false, [{ seq: 0, pcm: [9] }]]);
  });
});

describe('the length limit', () => {
  const MINUTE = 50 * 60;

  test('warns for the last 30 s, then ends the turn; everything before is delivered', async () => {
    r.settings.turn_limit_minutes = 1;
    await r.startListening();
    r.mic.frames(0, MINUTE / 2 - 1);
    expect(r.client.snapshot().limitLeftS).toBeNull();
    r.mic.frame(1);
    expect(r.client.snapshot().limitLeftS).toBe(30);
    r.mic.frames(0, MINUTE / 2 - 1);
    expect([r.view, r.client.snapshot().limitLeftS]).toEqual(['listening', 1]);
    r.mic.frame(1);
    expect(r.view).toBe('stopping');
    expect(r.socket.frames).toHaveLength(MINUTE);
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    r.socket
      .acknowledge(MINUTE - 1)
      .answer('idle')
      .end(1000);
    expect([r.view, r.client.snapshot().limitReachedMin]).toEqual(['idle', 1]);
    expect(r.logged('TURN_LIMIT')).toEqual([{ minutes: 1 }]);
    r.client.press();
    expect(r.client.snapshot().limitReachedMin).toBeNull();
  });

  test('paused time does not count', async () => {
    r.settings.turn_limit_minutes = 1;
    await r.startListening();
    r.mic.frames(0, 10);
    r.client.setPaused(true);
    r.mic.frames(0, 2 * MINUTE);
    r.client.setPaused(false);
    expect([r.view, r.client.snapshot().limitLeftS]).toEqual(['listening', null]);
  });

  test('each turn has its own', async () => {
    r.settings.turn_limit_minutes = 1;
    await r.startListening();
    r.mic.frames(0, MINUTE - 1);
    await r.stopTurn();
    await r.startListening('s2');
    r.mic.frames(0, 2);
    expect([r.view, r.client.snapshot().limitLeftS]).toEqual(['listening', null]);
  });

  test('without a limit the turn goes on', async () => {
    await r.startListening();
    r.mic.frames(0, MINUTE + 1);
    expect([r.view, r.client.snapshot().limitLeftS]).toEqual(['listening', null]);
  });
});
