import { describe, expect, test } from 'vitest';
import { CLOSE } from '../../shared/protocol.ts';
import { expectNothingLeft, finishTurn, listeningClient, untilResumed } from '../testing/resume-rig.ts';
import { type Rig, reconnect, samplesOf, startRig } from '../testing/voice-rig.ts';

let rig: Rig;
expectNothingLeft(() => rig);

describe('a restart of the server', () => {
  test('on another port during a turn: the session continues, and the recording has exactly the samples sent', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    const port = rig.port;
    client.sendFrames(0, 24);
    await rig.restart();
    expect(rig.port).not.toBe(port);
    expect((await client.closed).code).toBe(CLOSE.goingAway);
    expect([rig.manager.lost, rig.server.sessions, rig.turns[0]?.finished]).toEqual([1, 1, false]);
    const resumedClient = reconnect(rig, welcome);
    const secondWelcome = await resumedClient.until('connected');
    expect(secondWelcome.resumed).toBe(true);
    resumedClient.sendFrames(secondWelcome.received_through + 1, 49);
    await finishTurn(resumedClient);
    expect(rig.turns).toHaveLength(1);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 49));
  });

  test('terminates a client that does not answer the close, which can then resume', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client, welcome } = await listeningClient(rig);
    client.socket.pause();
    await rig.restart();
    expect(rig.manager.lost).toBe(1);
    client.socket.terminate();
    await reconnect(rig, welcome).until('connected');
  });

  test('H18 can be repeated ten times without more sockets, timers, servers, sessions and listeners', async () => {
    rig = await startRig();
    let { client, welcome } = await listeningClient(rig);
    const countResources = () => {
      const counts: Record<string, number> = {};
      for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
      for (const name of process.eventNames()) counts[String(name)] = process.listenerCount(name);
      return counts;
    };
    /** The resources of which there are more, after pending events. Waits without a timer, which would be counted. */
    const addedResources = async (before: Record<string, number>) => {
      for (let iteration = 0; ; iteration++) {
        const added = Object.entries(countResources()).filter(([name, n]) => n > (before[name] ?? 0));
        if (added.length === 0 || iteration === 1_000) return added;
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const restartAndResume = async (n: number) => {
      client.sendFrames(welcome.received_through + 1, n * 10 + 9);
      await rig.restart();
      client = reconnect(rig, welcome);
      welcome = await client.until('connected');
      await untilResumed(rig, n + 1);
    };
    await restartAndResume(0);
    const before = countResources();
    for (let n = 1; n <= 10; n++) await restartAndResume(n);
    expect(await addedResources(before)).toEqual([]);
    expect([rig.manager.sessions, rig.manager.lost, rig.turns.length]).toEqual([1, 0, 1]);
    client.sendFrames(welcome.received_through + 1, 119);
    await finishTurn(client);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 119));
  });
});
