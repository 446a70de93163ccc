import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { text } from '../../testing/websocket-frames.ts';
import { callsOf, countLogged, expectNothingLeft } from '../testing/resume-rig.ts';
import { type Rig, rawSocket, startRig, TestClient, upgradeRequest } from '../testing/voice-rig.ts';
import { MAX_SETTLE_MS, nextSettleDelay } from './settle-delay.ts';

test('stays exactly 0 while first attempts succeed', () => {
  expect(nextSettleDelay(0, 'ready', 1)).toBe(0);
});

test('grows to 10 ms at most when a responsive client needs another attempt', () => {
  const first = nextSettleDelay(0, 'ready', 2);
  expect(first).toBeGreaterThan(0);
  expect(nextSettleDelay(first, 'ready', 3)).toBeGreaterThan(first);
  let ms = 0;
  for (let i = 0; i < 20; i++) ms = nextSettleDelay(ms, 'ready', 2);
  expect(ms).toBe(MAX_SETTLE_MS);
});

test.each([
  ['left', 'aborted', 0],
  ['left at the second attempt', 'aborted', 2],
  ['never answered', 'failed', 3],
] as const)('is not affected by a client that %s', (_, outcome, attempts) => {
  for (const ms of [0, 5, MAX_SETTLE_MS]) expect(nextSettleDelay(ms, outcome, attempts)).toBe(ms);
});

test('returns to 0 after at most ten successful first attempts, whatever came before', () => {
  const ends = fc.array(fc.tuple(fc.constantFrom('ready', 'aborted', 'failed'), fc.integer({ min: 0, max: 3 })));
  fc.assert(
    fc.property(ends, (past) => {
      let ms = 0;
      for (const [outcome, attempts] of past) {
        ms = nextSettleDelay(ms, outcome, attempts);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(MAX_SETTLE_MS);
      }
      for (let i = 0; i < 10; i++) {
        const before = ms;
        ms = nextSettleDelay(ms, 'ready', 1);
        if (before > 0) expect(ms).toBeLessThan(before);
      }
      expect(ms).toBe(0);
    }),
  );
});

describe('the settle delay of a server', () => {
  let rig: Rig;
  expectNothingLeft(() => rig);

  test('grows after a second attempt, delays the next welcome, and returns to 0 after first attempts', async () => {
    rig = await startRig();
    const slowClient = new TestClient(rig.url(), { autoReady: false });
    slowClient.sendReady((await slowClient.until('connected', 2)).session_id);
    await rig.untilLogged('SETTLE_DELAY', (fields) => fields.ms === 5);
    expect(callsOf(rig, 'settleDelay')).toEqual([['settleDelay', 5]]);

    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const socket = await rawSocket(rig.port);
    let output = '';
    socket.on('data', (chunk) => {
      output += chunk.toString('latin1');
    });
    const ping = Buffer.from('{"event":"ping","id":1,"client_time":1}');
    const ready = Buffer.from(JSON.stringify({ event: 'ready', session_id: 'none', proof: 'p'.repeat(43) }));
    socket.write(Buffer.concat([Buffer.from(upgradeRequest(rig.port)), text(ping), text(ready)]));
    // During the delay a ping is answered, and a ready before the welcome is a strike.
    await rig.untilLogged('WARNING', (fields) => fields.type === 'bad_message');
    await once(socket, 'data');
    expect(output).toContain('"pong"');
    expect(output).not.toContain('"connected"');
    const sent = countLogged(rig, 'WS_SEND');
    vi.advanceTimersByTime(4);
    expect(countLogged(rig, 'WS_SEND')).toBe(sent);
    vi.advanceTimersByTime(1);
    expect(countLogged(rig, 'WS_SEND')).toBe(sent + 1);
    vi.useRealTimers();
    socket.destroy();

    for (let i = 0; i < 5; i++) {
      const client = new TestClient(rig.url());
      await client.startTurn();
      client.socket.close(1000);
      await client.closed;
    }
    expect(callsOf(rig, 'settleDelay').map(([, ms]) => ms)).toEqual([5, 4, 3, 2, 1, 0]);
  });

  test('a client that disconnects during the delay counts as aborted before the first attempt and leaves no timer', async () => {
    rig = await startRig();
    const slowClient = new TestClient(rig.url(), { autoReady: false });
    slowClient.sendReady((await slowClient.until('connected', 2)).session_id);
    await rig.untilLogged('SETTLE_DELAY');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const socket = await rawSocket(rig.port);
    socket.write(upgradeRequest(rig.port));
    await once(socket, 'data');
    socket.resetAndDestroy();
    await rig.untilLogged('WELCOME_ABORTED', (fields) => fields.attempts === 0);
    expect(rig.measured).toContainEqual(['welcome', 'aborted', 0, expect.any(Number)]);
    expect(callsOf(rig, 'settleDelay')).toHaveLength(1);
  });
});
