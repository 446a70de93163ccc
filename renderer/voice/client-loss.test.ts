import { describe, expect, test, vi } from 'vitest';
import { FRAME_MS, FRAMES_PER_SECOND } from '../../shared/audio-format.ts';
import { CLOSE } from '../../shared/protocol.ts';
import {
  ADDRESS,
  FIRST_RETRY_MS,
  framesOf,
  type Rig,
  readyRig,
  settle,
  setupFakeClient,
  TOKEN,
  URL_1,
  URL_2,
} from '../testing/client-rig.ts';

// Undeliverable audio is counted, reported once, and never sent in another session.

setupFakeClient();

/** Maximum frames of a turn that are kept without an acknowledgement. */
const MAX_KEPT = 1_850;
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

const NEW_SESSION = `${URL_1}?user_id=ada`;

/** The total loss in the log, which must match the snapshot. */
function expectReportedLoss(r: Rig, ms: number): void {
  const seconds = r.logged('AUDIO_LOST').reduce((sum, fields) => sum + Number(fields.seconds), 0);
  expect([r.client.snapshot().lostMs, Math.round(seconds * 1000)]).toEqual([ms, ms]);
}

/** Captures frames from `from` on, in real time. */
async function capture(r: Rig, from: number, seconds: number): Promise<void> {
  for (let i = 0; i < seconds * FRAMES_PER_SECOND; i++) {
    r.mic.frame(from + i);
    await vi.advanceTimersByTimeAsync(FRAME_MS);
  }
}

/** The requested session is welcomed and listens. */
async function startSession(r: Rig, sessionId: string): Promise<void> {
  r.socket.open().welcome(sessionId);
  await settle();
  r.socket.answer('listening');
}

describe('H23 a session that no longer exists (4410)', () => {
  test('a new session starts immediately, without audio of the old one; the unacknowledged audio is reported as lost', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 30);
    r.socket.acknowledge(9);
    const resuming = await r.reconnect();
    r.mic.frames(30, 35);
    resuming.end(CLOSE.nothingToResume);
    // In the tick of the close, without a delay.
    expect([r.sockets.length, r.socket.url, r.socket.protocols.length]).toEqual([3, NEW_SESSION, 2]);
    expect(r.client.snapshot()).toMatchObject({ view: 'reconnecting', sessionId: null, newSessions: 0 });
    expectReportedLoss(r, 25 * FRAME_MS);
    expect(r.logged('AUDIO_LOST')).toEqual([{ session: 's1', seconds: 0.5 }]);
    r.mic.frames(35, 37);
    await startSession(r, 's2');
    r.mic.frame(37);
    expect(r.socket.sent).toEqual(['ready', 'start', ...framesOf(35, 38, 0)]);
    expect(r.client.snapshot()).toMatchObject({ view: 'listening', sessionId: 's2', newSessions: 1, resumes: 0 });
    expectReportedLoss(r, 25 * FRAME_MS);
    expect([r.mics.length, resuming.sent]).toEqual([1, []]);
  });

  test('the turn’s clock restarts with the new session', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    await vi.advanceTimersByTimeAsync(3_000);
    (await r.reconnect()).end(CLOSE.nothingToResume);
    expect(r.client.snapshot().listeningSince).toBeNull();
    const now = performance.now();
    await startSession(r, 's2');
    expect(r.client.snapshot().listeningSince).toBe(now);
  });

  test('all audio acknowledged: a new session, and no loss', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 10);
    r.socket.acknowledge(9);
    (await r.reconnect()).end(CLOSE.nothingToResume);
    await startSession(r, 's2');
    expectReportedLoss(r, 0);
    expect([r.logged('AUDIO_LOST'), r.client.snapshot().newSessions]).toEqual([[], 1]);
  });

  test('the last audio of a stop is lost with it: reported, then idle, without opening another session', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 5);
    r.socket.end(1006);
    r.mic.tail = [5];
    r.client.press();
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    r.socket.open().end(CLOSE.nothingToResume);
    expect([r.view, r.sockets.length, r.mic.state, vi.getTimerCount()]).toEqual(['idle', 2, 'off', 0]);
    expectReportedLoss(r, 6 * FRAME_MS);
  });

  test('repeated: with a delay once there is no session to resume', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    (await r.reconnect()).end(CLOSE.nothingToResume);
    r.socket.open().end(CLOSE.nothingToResume);
    expect([r.sockets.length, r.view]).toEqual([3, 'reconnecting']);
    expect(r.client.snapshot().retryAt).toBeGreaterThan(performance.now());
  });

  test('a new session in the server’s reply starts on the same connection, and unacknowledged audio is reported as lost', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 10);
    await r.reconnect();
    r.socket.welcome('s2');
    expect([r.sockets.length, r.socket.sent]).toEqual([2, ['ready', 'start']]);
    r.socket.answer('listening');
    r.mic.frame(10);
    expect(r.socket.frames).toEqual([{ seq: 0, pcm: [10] }]);
    expect(r.client.snapshot()).toMatchObject({ view: 'listening', sessionId: 's2', newSessions: 1 });
    expectReportedLoss(r, 10 * FRAME_MS);
    // Its token resumes the new session, not the old one.
    const { token } = r.socket;
    await r.reconnect();
    expect(r.socket.url).toBe(`${NEW_SESSION}&session_id=s2`);
    expect(r.socket.protocols).toEqual(r.socket.offerOf(TOKEN, token));
  });
});

describe('H23 more audio than the buffer holds', () => {
  test('a full socket with acknowledgements: the oldest frames become a gap, reported once in seconds', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 50);
    r.socket.acknowledge(49);
    r.socket.bufferedAmount = 1e6;
    r.mic.frames(50, 50 + MAX_KEPT + 500);
    r.socket.bufferedAmount = 0;
    r.mic.frame(50 + MAX_KEPT + 500);
    expect(r.socket.frames.slice(50)).toEqual(framesOf(551, 551 + MAX_KEPT));
    await vi.advanceTimersByTimeAsync(1_000);
    expectReportedLoss(r, 501 * FRAME_MS);
    expect(r.logged('AUDIO_LOST')).toEqual([{ session: 's1', seconds: 10.02 }]);
    // Cut before any of it was held: the same gap, which is not reported again.
    await r.reconnect();
    r.socket.resume('s1', 49);
    expect(r.socket.frames).toEqual(framesOf(551, 551 + MAX_KEPT));
    expectReportedLoss(r, 501 * FRAME_MS);
  });
});

describe('H59 an absent host', () => {
  test('for 25 s, then it resumes: all audio since then is sent in order', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 50);
    r.socket.acknowledge(49).end(1006);
    await capture(r, 50, 25);
    r.client.retryNow();
    r.socket.open().resume('s1', 49);
    expect(r.socket.frames).toEqual(framesOf(50, 50 + 25 * FRAMES_PER_SECOND));
    expectReportedLoss(r, 0);
  });

  test('for 25 s, then it has lost the session: the audio is offered to the user and a new session starts', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 50);
    r.socket.acknowledge(49).end(1006);
    await capture(r, 50, 25);
    r.client.retryNow();
    r.socket.open().end(CLOSE.nothingToResume);
    expect(r.logged('AUDIO_LOST')).toEqual([{ session: 's1', seconds: 25 }]);
    expect(r.undelivered).toEqual([{ mic: 1, samples: range(50, 50 + 25 * FRAMES_PER_SECOND) }]);
    r.mic.frame(9_000);
    await startSession(r, 's2');
    expect(r.socket.frames).toEqual([{ seq: 0, pcm: [9_000] }]);
    await vi.advanceTimersByTimeAsync(2_000);
    expectReportedLoss(r, 25_000);
  });

  test('before any session: the buffered audio is the first of the session that starts within the window', async () => {
    const r = await readyRig();
    r.client.press();
    r.mic.allow();
    await settle();
    await capture(r, 0, 25);
    r.client.retryNow();
    await startSession(r, 's1');
    expect(r.socket.frames).toEqual(framesOf(0, 25 * FRAMES_PER_SECOND));
    expectReportedLoss(r, 0);
  });

  test('for the whole window: the turn ends, the microphone is off, and the unacknowledged audio is offered to the user', async () => {
    for (const session of [true, false]) {
      const r = await readyRig();
      if (session) {
        await r.startListening('s1');
        r.mic.frames(0, 50);
        r.socket.acknowledge(39).end(1006);
      } else {
        r.client.press();
        r.mic.allow();
        await settle();
        r.mic.frames(0, 50);
      }
      r.mic.tail = [9_999];
      let captured = 50;
      for (; r.view !== 'error' && captured < 50 + 40 * FRAMES_PER_SECOND; captured++) {
        r.mic.frame(captured);
        await vi.advanceTimersByTimeAsync(FRAME_MS);
      }
      await vi.advanceTimersByTimeAsync(r.mic.flushMs);
      expect(r.client.snapshot()).toMatchObject({
        view: 'error',
        problem: 'server_gone',
        micLive: false,
        keptUntil: null,
      });
      expect([r.mic.state, vi.getTimerCount()]).toEqual(['off', 0]);
      const samples = r.undelivered.flatMap((part) => part.samples);
      expect(samples).toEqual([...range(session ? 40 : 0, captured), 9_999]);
      expect(r.client.snapshot().undeliveredMs).toBe(samples.length * FRAME_MS);
      expectReportedLoss(r, samples.length * FRAME_MS);
    }
  });
});

describe('H58 turns that ended during an outage', () => {
  test('are delivered in order, each in its own session', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 5);
    r.socket.end(1006);
    for (const from of [100, 200]) {
      r.client.press();
      await vi.advanceTimersByTimeAsync(r.mic.flushMs);
      r.client.press();
      r.mic.allow();
      await settle();
      r.mic.frames(from, from + 5);
    }
    expect(r.client.snapshot()).toMatchObject({ view: 'reconnecting', micLive: true, finishing: 2, turnsWaiting: 2 });
    r.socket.open().resume('s1', -1);
    expect(r.socket.sent).toEqual(['ready', ...framesOf(0, 5), 'stop']);
    r.socket.acknowledge(4).answer('idle').end(1000);
    await settle();
    r.socket.open().welcome('s2').answer('listening');
    expect(r.socket.sent).toEqual(['ready', 'start', ...framesOf(100, 105, 0), 'stop']);
    expect(r.client.snapshot()).toMatchObject({ sessionId: 's2', finishing: 1, turnsWaiting: 1 });
    r.socket.acknowledge(4).answer('idle').end(1000);
    await settle();
    r.socket.open().welcome('s3').answer('listening');
    r.mic.frame(205);
    expect(r.socket.sent).toEqual(['ready', 'start', ...framesOf(200, 206, 0)]);
    expect(r.client.snapshot()).toMatchObject({
      view: 'listening',
      sessionId: 's3',
      finishing: 0,
      turnsWaiting: 0,
      lostMs: 0,
    });
    expect(r.undelivered).toEqual([]);
  });

  test('and can’t be delivered are offered turn by turn, while the current turn continues', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 5);
    r.socket.end(1006);
    r.client.press();
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    await vi.advanceTimersByTimeAsync(20_000);
    r.client.press();
    r.mic.allow();
    await settle();
    r.mic.frames(100, 103);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(r.undelivered).toEqual([{ mic: 1, samples: range(0, 5) }]);
    expect(r.client.snapshot()).toMatchObject({
      view: 'reconnecting',
      micLive: true,
      finishing: 0,
      lostMs: 0,
      undeliveredMs: 0,
    });
    r.client.retryNow();
    await startSession(r, 's2');
    expect(r.socket.frames).toEqual(framesOf(100, 103, 0));
    expect(r.view).toBe('listening');
  });
});

describe('a server with inconsistent messages', () => {
  /** 30 frames were sent in s1; the server has acknowledged the first 10. */
  async function withSentFrames(): Promise<Rig> {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 30);
    r.socket.acknowledge(9);
    return r;
  }

  async function expectNewSession(r: Rig, resumes = 0): Promise<void> {
    expect(r.socket.closes).toEqual([CLOSE.protocolError]);
    expect(r.client.snapshot()).toMatchObject({ view: 'reconnecting', sessionId: null });
    expectReportedLoss(r, 20 * FRAME_MS);
    const { length } = r.sockets;
    await vi.advanceTimersByTimeAsync(2 * FIRST_RETRY_MS);
    expect([r.sockets.length, r.socket.url, r.socket.protocols.length]).toEqual([length + 1, NEW_SESSION, 2]);
    r.mic.frame(77);
    await startSession(r, 's2');
    expect(r.socket.frames).toEqual([{ seq: 0, pcm: [77] }]);
    expect(r.client.snapshot()).toMatchObject({ view: 'listening', newSessions: 1, resumes });
    expectReportedLoss(r, 20 * FRAME_MS);
  }

  test.each([
    ['more than was sent', 30],
    ['less than it had acknowledged', 8],
    ['nothing, though it had acknowledged some', -1],
  ])(
    'a welcome that claims to hold %s: closed with 4400, a new session starts, and the loss is reported',
    async (_title, through) => {
      const r = await withSentFrames();
      await r.reconnect();
      r.socket.resume('s1', through);
      expect(r.socket.sent).toEqual([]);
      expect(r.logged('ERROR')).toEqual([{ type: 'impossible_welcome', session: 's1', through, sent: 29 }]);
      await expectNewSession(r);
    },
  );

  test('a welcome that claims to hold frames that were never sent: closed with 4400, and the loss is reported', async () => {
    const r = await withSentFrames();
    await r.reconnect();
    r.mic.frames(30, 35);
    r.socket.resume('s1', 32);
    expect([r.socket.closes, r.view]).toEqual([[CLOSE.protocolError], 'reconnecting']);
    expectReportedLoss(r, 25 * FRAME_MS);
  });

  test('a welcome that resumes another session: closed with 4400, and a new session starts without its token', async () => {
    const r = await withSentFrames();
    await r.reconnect();
    r.socket.resume('s9', 20);
    expect(r.logged('ERROR')).toEqual([{ type: 'impossible_welcome', session: 's9', through: 20, sent: 29 }]);
    await expectNewSession(r);
  });

  test('a welcome that resumes without a request: closed with 4400, and a new session starts without a loss', async () => {
    const r = await readyRig();
    r.client.press();
    r.socket.open().resume('s1', -1);
    expect([r.socket.closes, r.view, r.client.snapshot().sessionId]).toEqual([[4400], 'reconnecting', null]);
    expectReportedLoss(r, 0);
    await r.reconnect();
    expect(r.socket.url).toBe(NEW_SESSION);
  });

  test.each([30, 4_000_000_000])(
    'an acknowledgement of frame %i, which was never sent: closed with 4400, and a new session starts',
    async (through) => {
      const r = await withSentFrames();
      r.socket.acknowledge(through);
      expect(r.logged('ERROR')).toEqual([{ type: 'impossible_ack', through, sent: 29 }]);
      await expectNewSession(r);
    },
  );

  test('an acknowledgement of frames that an earlier connection delivered after the welcome is valid', async () => {
    const r = await withSentFrames();
    await r.reconnect();
    // The socket is full, so nothing is sent on it.
    r.socket.bufferedAmount = 1e6;
    r.socket.resume('s1', 9).acknowledge(20);
    expect([r.view, r.socket.closes, r.logged('ERROR')]).toEqual(['listening', [], []]);
    r.socket.bufferedAmount = 0;
    r.mic.frame(30);
    expect(r.socket.frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 10 }, (_, i) => 21 + i));
  });

  test('an older or repeated acknowledgement has no effect', async () => {
    const r = await withSentFrames();
    r.socket.acknowledge(3).acknowledge(-1).acknowledge(9).acknowledge(29);
    expect([r.view, r.socket.closes, r.logged('ERROR')]).toEqual(['listening', [], []]);
    await r.reconnect();
    r.socket.resume('s1', 29);
    expect([r.view, r.socket.frames]).toEqual(['listening', []]);
  });

  test('while the turn is being stopped: idle, loss reported, no reconnect', async () => {
    const r = await withSentFrames();
    r.client.press();
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    r.socket.acknowledge(500);
    expect([r.view, r.socket.closes, vi.getTimerCount()]).toEqual(['idle', [4400], 0]);
    expectReportedLoss(r, 20 * FRAME_MS);
  });
});

describe('audio that the microphone did not capture', () => {
  test('is a gap in the session, reported immediately in seconds, in the window and in the log', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 5);
    r.mic.gap(3_010);
    expect(r.client.snapshot()).toMatchObject({ view: 'listening', uncapturedMs: 3_020 });
    r.mic.frames(5, 7);
    expect(r.socket.frames.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 156, 157]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([r.logged('CAPTURE_GAP'), r.logged('AUDIO_LOST')]).toEqual([[{ seconds: 3.01 }], []]);
    await r.stopTurn();
    r.client.press();
    expect(r.client.snapshot()).toMatchObject({ uncapturedMs: 0, lostMs: 0 });
  });
});

describe('H52 a microphone that delivers nothing for a while', () => {
  test('is reported immediately with its name, its time is a gap, and the log states the duration at the end', async () => {
    const r = await readyRig();
    await r.startListening();
    r.mic.setState('ok').frames(0, 5);
    r.mic.setState('stalled');
    expect(r.client.snapshot().microphone).toMatchObject({ label: 'Desk microphone', status: 'stalled' });
    r.mic.gap(1_000, 'stalled').gap(400, 'stalled').setState('ok').frames(5, 10);
    expect(r.client.snapshot()).toMatchObject({ stalledMs: 1_400, uncapturedMs: 1_400 });
    expect(r.logged('CAPTURE_GAP')).toEqual([{ seconds: 1.4, why: 'the microphone sent nothing' }]);
    expect(r.logged('MIC_STATE').map(({ status }) => status)).toEqual(['ok', 'stalled', 'ok']);
    expect(r.socket.frames.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 75, 76, 77, 78, 79]);
    const microphoneMessages = r.socket.messages.filter(({ event }) => event === 'microphone');
    expect(microphoneMessages.map(({ seq, status }) => `${seq} ${status}`)).toEqual(['0 ok', '5 stalled', '75 ok']);
    await r.stopTurn();
  });

  test('is logged even if it ends with the turn', async () => {
    const r = await readyRig();
    await r.startListening();
    r.mic.setState('ok').frames(0, 5).setState('stalled').gap(1_000, 'stalled');
    await r.stopTurn();
    expect(r.logged('CAPTURE_GAP')).toEqual([{ seconds: 1, why: 'the microphone sent nothing' }]);
    expect(r.client.snapshot()).toMatchObject({ stalledMs: 1_000, uncapturedMs: 1_000 });
    r.client.press();
    expect(r.logged('CAPTURE_GAP')).toHaveLength(1);
  });

  test('and is muted as well has one log line with its own reason', async () => {
    const r = await readyRig();
    await r.startListening();
    r.mic.setState('ok').frames(0, 5).setState('muted');
    for (let i = 0; i < 20; i++) r.mic.gap(240, 'stalled');
    r.mic.setState('ok').frames(5, 10);
    expect(r.logged('CAPTURE_GAP')).toEqual([{ seconds: 4.8, why: 'the microphone sent nothing' }]);
    expect(r.client.snapshot()).toMatchObject({ stalledMs: 4_800, uncapturedMs: 4_800 });
    await r.stopTurn();
  });
});

describe('other losses', () => {
  test.each([
    [CLOSE.policy, 'refused_policy'],
    [CLOSE.tooLarge, 'refused_size'],
    [CLOSE.takenOver, 'taken_over'],
  ] as const)(
    'a session that the server ends permanently with %i: its unacknowledged audio is lost',
    async (code, problem) => {
      const r = await readyRig();
      await r.startListening('s1');
      r.mic.frames(0, 15);
      r.socket.acknowledge(9).end(code);
      await vi.advanceTimersByTimeAsync(r.mic.flushMs);
      expect(r.client.snapshot()).toMatchObject({ view: 'error', problem });
      expectReportedLoss(r, 5 * FRAME_MS);
      expect([r.mic.state, vi.getTimerCount()]).toEqual(['off', 0]);
    },
  );

  test('H58 audio between two sessions is delivered in the next one, also after a press; the next press resets the count', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    (await r.reconnect()).end(CLOSE.nothingToResume);
    r.mic.frames(0, 5);
    r.client.press();
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    r.socket.open().welcome('s2').answer('listening');
    expect(r.socket.sent).toEqual(['ready', 'start', ...framesOf(0, 5), 'stop']);
    r.socket.acknowledge(4).answer('idle').end(1000);
    expect(r.view).toBe('idle');
    expectReportedLoss(r, 0);
    await r.startListening('s3');
    expect(r.client.snapshot()).toMatchObject({ lostMs: 0, newSessions: 0, resumes: 0 });
    r.mic.frames(0, 2);
    r.socket.end(CLOSE.policy);
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect(r.client.snapshot().lostMs).toBe(2 * FRAME_MS);
    expect(r.logged('AUDIO_LOST')).toEqual([{ session: 's3', seconds: 0.04 }]);
  });

  test('audio of a press that is cancelled before the connection is not a loss', async () => {
    const r = await readyRig();
    r.client.press();
    r.mic.allow().frame(1).frame(2);
    await settle();
    r.client.press();
    r.socket.end(1006);
    await vi.advanceTimersByTimeAsync(10);
    expect(r.view).toBe('idle');
    expectReportedLoss(r, 0);
  });

  test('a new session is counted when its welcome arrives', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    (await r.reconnect()).end(CLOSE.nothingToResume);
    r.socket.open();
    expect(r.client.snapshot().newSessions).toBe(0);
    r.socket.welcome('s2');
    expect(r.client.snapshot().newSessions).toBe(1);
  });
});

// 4410 answers a request to resume: see above.
describe('H19 every close code while listening', () => {
  const RESUMES = `${URL_1}?user_id=ada&session_id=s1`;
  test.each<[number, { view: string; retryIn: number | null; next?: string }]>([
    [1000, { view: 'idle', retryIn: null }],
    [1001, { view: 'reconnecting', retryIn: 0, next: RESUMES }],
    [1006, { view: 'reconnecting', retryIn: FIRST_RETRY_MS, next: RESUMES }],
    [1008, { view: 'error', retryIn: null }],
    [1009, { view: 'error', retryIn: null }],
    [1011, { view: 'reconnecting', retryIn: FIRST_RETRY_MS, next: RESUMES }],
    [1013, { view: 'reconnecting', retryIn: FIRST_RETRY_MS, next: RESUMES }],
    [4408, { view: 'reconnecting', retryIn: FIRST_RETRY_MS, next: RESUMES }],
    [4409, { view: 'error', retryIn: null }],
    // An unassigned code.
    [4999, { view: 'reconnecting', retryIn: FIRST_RETRY_MS, next: RESUMES }],
  ])('code %i', async (code, { view, retryIn, next }) => {
    const r = await readyRig();
    await r.startListening('s1');
    r.socket.end(code);
    await settle();
    const { retryAt } = r.client.snapshot();
    if (retryIn !== 0) expect(retryAt === null ? null : retryAt - performance.now()).toBe(retryIn);
    await vi.advanceTimersByTimeAsync(FIRST_RETRY_MS);
    expect(r.sockets.slice(1).map(({ url }) => url)).toEqual(next === undefined ? [] : [next]);
    if (next === undefined) await vi.advanceTimersByTimeAsync(60_000);
    expect([r.view, r.sockets.length]).toEqual([view, next === undefined ? 1 : 2]);
  });
});

test('H16 a server that restarted elsewhere and lost the session: a new session there, immediately', async () => {
  const r = await readyRig();
  await r.startListening('s1');
  r.mic.frames(0, 4);
  r.changeAddress({ ...ADDRESS, url: URL_2 });
  await r.reconnect(1001);
  r.socket.end(CLOSE.nothingToResume);
  expect(r.socket.url).toBe(`${URL_2}?user_id=ada`);
  await startSession(r, 's2');
  expect(r.view).toBe('listening');
  expectReportedLoss(r, 4 * FRAME_MS);
});

describe('H66 another program answers in Earshot’s place', () => {
  /** Another program at the host's address, which knows everything except the secret. */
  async function connectToImpostor(r: Rig): Promise<void> {
    await r.reconnect();
    r.socket.secret = 'another secret';
    r.socket.resume('s1', 4);
    await settle();
  }

  test('a listening client sends it nothing, releases the microphone and reports it', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 4);
    r.socket.acknowledge(1);
    await connectToImpostor(r);
    expect([r.view, r.client.snapshot().problem]).toEqual(['error', 'other_program']);
    expect([r.socket.sent, r.socket.closes]).toEqual([[], [CLOSE.protocolError]]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([r.mic.state, r.sockets.length]).toEqual(['off', 2]);
    // Audio that the host had not acknowledged is kept for the user.
    expect(r.undelivered).toEqual([{ mic: 1, samples: range(2, 4) }]);
  });

  test('the host is asked for the server’s address, which makes it check the server; a later press connects there', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    await r.reconnect();
    const callCount = r.getVoiceAddress.mock.calls.length;
    r.state.address = { ...ADDRESS, url: URL_2 };
    r.socket.secret = 'another secret';
    r.socket.resume('s1', 4);
    expect(r.getVoiceAddress).toHaveBeenCalledTimes(callCount + 1);
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect(r.view).toBe('error');
    await r.startListening('s2');
    expect(r.socket.url).toBe(`${URL_2}?user_id=ada`);
  });

  test('a press tries again, and connects if the host is back', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    await connectToImpostor(r);
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    await r.startListening('s2');
    expect([r.socket.url, r.client.snapshot().problem]).toEqual([NEW_SESSION, null]);
  });

  test('detected by the bridge: an open connection continues, and a lost one is not retried', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.client.setHostUnproven(true);
    expect(r.view).toBe('listening');
    r.socket.end(1006);
    await settle();
    expect([r.view, r.client.snapshot().problem, r.sockets.length]).toEqual(['error', 'other_program', 1]);
    r.client.setHostUnproven(false);
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    await r.startListening('s2');
  });

  test('detected by the bridge during an outage: the wait ends', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.socket.end(1006);
    expect(r.view).toBe('reconnecting');
    r.client.setHostUnproven(true);
    await settle();
    expect([r.view, r.client.snapshot().problem]).toEqual(['error', 'other_program']);
  });
});
