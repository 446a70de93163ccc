import { afterEach, expect, test, vi } from 'vitest';
import { CLOSE, RESUME_WINDOW_MS } from '../shared/protocol.ts';
import { Rig } from './rig.ts';
import { compare } from './tagged-audio.ts';
import type { ChaosWindow } from './window.ts';

let rig: Rig;
afterEach(async () => {
  vi.useRealTimers();
  await rig.stop();
});

/** Fakes intervals, which drive the resume window, the heartbeats and the acknowledgement timeout. */
function useFakeIntervals(): void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
}

async function listeningWindow(): Promise<ChaosWindow> {
  const window = rig.addWindow();
  window.client.press();
  await rig.untilListening(window);
  return window;
}

test('H22 a clock jump or a stalled process neither times out live peers nor loses audio', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  rig = await Rig.start({ conditions: 'calm' });
  const windows = [await listeningWindow(), await listeningWindow(), await listeningWindow()];
  await Promise.all(windows.map(({ microphone }) => microphone.emitUpTo(200)));

  // The first stall exceeds the client's acknowledgement timeout and the server's `ready` timeout.
  const jumps = [
    { hours: 8, stallMs: 3_500 },
    { hours: -3, stallMs: 0 },
  ];
  for (const [i, { hours, stallMs }] of jumps.entries()) {
    vi.setSystemTime(Date.now() + hours * 3_600_000);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stallMs);
    await Promise.all(windows.map(({ microphone }) => microphone.emitUpTo(400 + i * 200)));
    // Wait until both sides have run their checks, once a second.
    const summaries = rig.events.count('client', 'AUDIO');
    await rig.until('a second', () => rig.events.count('client', 'AUDIO') >= summaries + windows.length);
  }

  expect(rig.events.count('client', 'WOKE')).toBe(windows.length);
  for (const event of ['WS_FROZEN', 'WS_DISCONNECT'] as const) expect(rig.events.count('client', event)).toBe(0);
  for (const event of ['SESSION_LOST', 'WARNING', 'ERROR'] as const) expect(rig.events.count('server', event)).toBe(0);
  for (const window of windows) {
    const info = await rig.finish(window);
    const sent = { voice: window.voice, from: 0, to: 600, tail: 0 };
    expect(compare(await rig.host.samples(info), sent).exact).toBe(true);
    expect(window.snapshot).toMatchObject({ resumes: 0, newSessions: 0, lostMs: 0 });
  }
});

test('H23 an outage longer than the resume window starts a new session, reports the gap and sends no old audio', async () => {
  useFakeIntervals();
  rig = await Rig.start({ conditions: 'calm', pace: { burst: 20, ahead: 1_200 } });
  const window = await listeningWindow();
  await window.microphone.emitUpTo(205);
  await rig.until('acknowledged', () => window.microphone.acknowledged >= 196);
  const first = window.snapshot.sessionId;

  rig.proxy.refuse(Number.POSITIVE_INFINITY);
  rig.proxy.cut();
  await rig.until('lost', () => rig.events.count('server', 'SESSION_LOST') === 1);
  const { acknowledged } = window.microphone;
  await window.microphone.emitUpTo(500);
  vi.advanceTimersByTime(RESUME_WINDOW_MS + 1_000);
  await rig.until('saved', () => rig.host.saved.length === 1);
  rig.proxy.refuse(0);
  await rig.until('a new session', () => window.snapshot.newSessions === 1);
  await rig.untilListening(window);
  await window.microphone.emitUpTo(700);
  const second = await rig.finish(window);

  const [held] = rig.host.saved;
  if (held === undefined) throw new Error('nothing was saved');
  expect([held.session_id, second.session_id !== first]).toEqual([first, true]);
  const { voice } = window;
  expect(compare(await rig.host.samples(held), { voice, from: 0, to: 205, tail: 0 }).exact).toBe(true);
  expect(compare(await rig.host.samples(second), { voice, from: 500, to: 700, tail: 0 }).exact).toBe(true);
  // The unacknowledged audio of the old session, at 20 ms per frame.
  expect(window.snapshot).toMatchObject({ resumes: 0, newSessions: 1, lostMs: (500 - acknowledged) * 20 });
  expect(rig.events.count('client', 'AUDIO_LOST')).toBe(1);
});

test('H25 after a resume on a new connection the frozen one is closed with 4409 and its frames are ignored', async () => {
  useFakeIntervals();
  rig = await Rig.start({ conditions: 'calm' });
  const window = await listeningWindow();
  await window.microphone.emitUpTo(200);
  await rig.until('acknowledged', () => window.microphone.acknowledged >= 191);

  const frozen = rig.proxy.newest;
  frozen?.freeze();
  await window.microphone.emitUpTo(400);
  // The window checks for acknowledgements once a second and reconnects after three without one.
  vi.advanceTimersByTime(4_000);
  await rig.until('resumed', () => window.snapshot.resumes === 1);
  await rig.untilListening(window);
  expect(rig.events.count('client', 'WS_FROZEN')).toBe(1);
  // The server takes over the session when it reads the `ready` of the new connection.
  await rig.until('taken over', () => rig.events.count('server', 'SESSION_TAKEN_OVER') === 1);

  // The 200 delayed frames now arrive on a stale connection.
  frozen?.thaw();
  await rig.until('the old socket is closed', () => window.openSockets === 1);
  expect(window.closeCodes).toEqual([CLOSE.takenOver]);
  expect(window.snapshot.view).toBe('listening');

  await window.microphone.emitUpTo(600);
  const info = await rig.finish(window);
  expect(info).toMatchObject({ complete: true, gaps: [] });
  const sent = { voice: window.voice, from: 0, to: 600, tail: 0 };
  expect(compare(await rig.host.samples(info), sent).exact).toBe(true);
  expect(rig.host.saved).toHaveLength(1);
});

test('H17 an abandoned attempt that arrives after its replacement does not take the session, and no audio is lost', async () => {
  rig = await Rig.start({ conditions: 'calm' });
  const window = await listeningWindow();
  await window.microphone.emitUpTo(200);

  const connects = rig.events.count('server', 'WS_CONNECT');
  // Release it in the tick in which the server accepts the second attempt, before that attempt's `ready`.
  const stop = rig.events.onLine(({ side, event }) => {
    if (side === 'server' && event === 'WS_CONNECT') rig.proxy.release();
  });
  rig.proxy.hold();
  rig.proxy.cut();
  await rig.until('both attempts have arrived', () => rig.events.count('server', 'WS_CONNECT') >= connects + 2);
  stop();
  await window.microphone.emitUpTo(600);
  await rig.untilListening(window);
  const info = await rig.finish(window);

  const sent = { voice: window.voice, from: 0, to: 600, tail: 0 };
  expect(compare(await rig.host.samples(info), sent).exact).toBe(true);
  expect(info).toMatchObject({ complete: true, gaps: [] });
  expect(window.snapshot).toMatchObject({ problem: null, newSessions: 0, lostMs: 0 });
  expect(rig.host.saved).toHaveLength(1);
});
