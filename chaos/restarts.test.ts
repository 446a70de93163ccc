import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, test } from 'vitest';
import { openResources, waitForResources } from './resources.ts';
import { Rig } from './rig.ts';
import { compare } from './tagged-audio.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let rig: Rig;
afterEach(() => rig.stop());

test('H16 keeps one session and every sample when the server restarts on another port during a turn', async () => {
  rig = await Rig.start({ route: 'direct', conditions: 'calm', pace: { burst: 5, ahead: 250 } });
  const window = rig.addWindow();
  window.client.press();
  await rig.untilListening(window);
  const before = rig.host.port;
  // The microphone continues while the server is down.
  window.microphone.allowUpTo(1_500);
  await window.microphone.untilEmitted(500);
  await rig.restart();
  await rig.until('resumed', () => window.snapshot.resumes === 1);
  await rig.untilListening(window);
  await window.microphone.emitUpTo(2_000);
  const info = await rig.finish(window);

  expect(rig.host.port).not.toBe(before);
  expect(info).toMatchObject({ complete: true, gaps: [] });
  expect(compare(await rig.host.samples(info), { voice: window.voice, from: 0, to: 2_000, tail: 0 }).exact).toBe(true);
  expect(rig.host.saved).toHaveLength(1);
  expect(window.closeCodes).toEqual([1001, 1000]);
  expect(window.snapshot).toMatchObject({ lostMs: 0, newSessions: 0, resumes: 1 });
});

function listeners(): number {
  return process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
}

/** Number of restarts after which compiled code and caches no longer grow; measurements gave about 20. */
const WARM_UP = 25;

test('H18 ten restarts in one turn leak no listener, timer, socket or heap', async () => {
  rig = await Rig.start({ route: 'direct', conditions: 'calm' });
  const window = rig.addWindow();
  window.client.press();
  await rig.untilListening(window);
  let frames = 0;
  async function restart(): Promise<void> {
    const resumes = window.snapshot.resumes + 1;
    await rig.restart();
    await rig.until('resumed', () => window.snapshot.resumes === resumes);
    await rig.untilListening(window);
    frames += 100;
    await window.microphone.emitUpTo(frames);
    await rig.until('all is acknowledged', () => window.microphone.acknowledged >= frames - 9);
  }
  const heap = (): number => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };

  // By then compiled code, buffers and the log's recent lines are allocated.
  for (let i = 0; i < WARM_UP; i++) await restart();
  const before = { resources: openResources(), listeners: listeners(), heap: heap() };
  for (let i = 0; i < 10; i++) await restart();

  const { manager } = rig.host;
  expect([manager.size, manager.sessions, manager.lost, manager.pending]).toEqual([1, 1, 0, 0]);
  expect(window.openSockets).toBe(1);
  expect(listeners()).toBe(before.listeners);
  expect(await waitForResources(before.resources)).toEqual({});
  // A leaked session or pair of sockets would hold more than this.
  expect(heap() - before.heap).toBeLessThan(10 * 32 * 1024);

  const info = await rig.finish(window);
  expect(compare(await rig.host.samples(info), { voice: window.voice, from: 0, to: frames, tail: 0 }).exact).toBe(true);
  expect(window.snapshot).toMatchObject({ resumes: WARM_UP + 10, newSessions: 0, lostMs: 0 });
});
