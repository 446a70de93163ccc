import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Rig, startRig, TestClient, type Turn, watchRejections } from '../testing/voice-rig.ts';

let rig: Rig;
watchRejections();
afterEach(async () => {
  await rig.stop();
  expect([rig.manager.size, rig.manager.sessions, rig.manager.lost]).toEqual([0, 0, 0]);
});

const count = (event: string) => rig.logged.filter((entry) => entry.event === event).length;

async function listeningClient(): Promise<{ client: TestClient; id: string }> {
  const client = new TestClient(rig.url('ada'));
  return { client, id: await client.startTurn() };
}

describe('a session whose page is gone', () => {
  test('ends immediately if it was lost; the promise resolves when its recording is finished', async () => {
    rig = await startRig();
    const { client, id } = await listeningClient();
    client.socket.terminate();
    await rig.untilLogged('SESSION_LOST');
    expect([rig.manager.lost, rig.turns[0]?.finished]).toEqual([1, false]);
    expect(await rig.manager.endAbandoned(id)).toBe('ended');
    expect([rig.manager.lost, rig.manager.sessions, rig.turns[0]?.finished]).toEqual([0, 0, true]);
    expect(rig.logged.find(({ event }) => event === 'SESSION_EXPIRED')?.fields).toEqual({
      session: id,
      why: 'its page is gone',
    });
    expect(rig.measured.filter(([name]) => name === 'expired')).toHaveLength(1);
    expect(await rig.manager.endAbandoned(id)).toBe('ended');
    expect(count('SESSION_EXPIRED')).toBe(1);
  });

  test('ends once its connection has closed, whether the close suspended or ended it', async () => {
    for (const close of [
      (client: TestClient) => client.socket.terminate(),
      (client: TestClient) => client.socket.close(1001),
    ]) {
      rig = await startRig({ limits: { closeMs: 60_000 } });
      const { client, id } = await listeningClient();
      const ended = rig.manager.endAbandoned(id);
      expect(rig.turns[0]?.finished).toBe(false);
      close(client);
      expect(await ended).toBe('ended');
      expect([rig.manager.sessions, rig.turns[0]?.finished]).toEqual([0, true]);
      await rig.stop();
    }
  });

  test('waits for the recording of a stopped turn that is still being written', async () => {
    let write = (): void => expect.fail('nothing is written');
    const turns: Turn[] = [];
    rig = await startRig({
      sink: {
        begin: (start) => ({
          write: () => true,
          gap: () => true,
          microphone: () => undefined,
          pause: () => undefined,
          finish: () =>
            new Promise((resolve) => {
              turns.push({ ...start, pcm: [], gaps: [], microphone: [], pauses: [], finished: true, ending: null });
              write = () => resolve(null);
            }),
        }),
      },
    });
    const { client, id } = await listeningClient();
    client.send({ event: 'stop' });
    await client.until('voice_state', 2);
    client.socket.terminate();
    await rig.untilLogged('SESSION_LOST');
    const onEnded = vi.fn();
    const ended = rig.manager.endAbandoned(id).then(onEnded);
    await new Promise((resolve) => setImmediate(resolve));
    expect(onEnded).not.toHaveBeenCalled();
    write();
    await ended;
    expect(onEnded).toHaveBeenCalledExactlyOnceWith('ended');
    expect(turns).toHaveLength(1);
  });
});

test('a session that stays connected belongs to another page and continues', async () => {
  rig = await startRig({ limits: { closeMs: 20 } });
  const { client, id } = await listeningClient();
  expect(await rig.manager.endAbandoned(id)).toBe('connected');
  client.sendFrames(0, 9);
  await client.until('audio_ack');
  expect([rig.manager.sessions, rig.turns[0]?.finished]).toEqual([1, false]);
});

test('an unknown session counts as ended', async () => {
  rig = await startRig();
  expect(await rig.manager.endAbandoned('unknown')).toBe('ended');
  expect(rig.logged.map(({ event }) => event)).not.toContain('SESSION_EXPIRED');
});
