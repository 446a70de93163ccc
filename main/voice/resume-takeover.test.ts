import { describe, expect, test } from 'vitest';
import { CLOSE } from '../../shared/protocol.ts';
import {
  countLogged,
  eventually,
  expectNothingLeft,
  finishTurn,
  listeningClient,
  loseConnection,
  untilResumed,
} from '../testing/resume-rig.ts';
import { type Rig, reconnect, samplesOf, startRig } from '../testing/voice-rig.ts';

let rig: Rig;
expectNothingLeft(() => rig);

describe('H25 two sockets resume one session', () => {
  test('the newer one wins; the older one gets 4409 and its frames are ignored', async () => {
    rig = await startRig();
    const { client: older, welcome } = await listeningClient(rig);
    older.sendFrames(0, 9);
    await older.until('audio_ack');
    // The older client does not read the close, and sends other samples for the next frame.
    older.socket.pause();
    const newer = reconnect(rig, welcome);
    const newWelcome = await newer.until('connected');
    older.sendFrame(10, new Int16Array(320).fill(-1));
    older.send({ event: 'stop' });
    older.socket.resume();
    expect(await older.closed).toMatchObject({ code: CLOSE.takenOver });
    newer.sendFrames(newWelcome.received_through + 1, 19);
    await finishTurn(newer);
    expect(rig.turns).toHaveLength(1);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 19));
    expect([countLogged(rig, 'SESSION_TAKEN_OVER'), countLogged(rig, 'SESSION_LOST'), rig.manager.sessions]).toEqual([
      1, 0, 1,
    ]);
    await eventually(() => expect(rig.manager.size).toBe(1));
  });

  test('of two that use the same token at the same time, one stays connected, and there is one session', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    await loseConnection(rig, client, welcome);
    const competitors = [reconnect(rig, welcome), reconnect(rig, welcome)];
    await Promise.race(competitors.map((competitor) => competitor.until('connected')));
    const [loserClose] = await Promise.race(
      competitors.map((competitor) => competitor.closed.then((close) => [close] as const)),
    );
    // Its session was taken over, or the other client had already used the token.
    expect([CLOSE.takenOver, CLOSE.nothingToResume]).toContain(loserClose.code);
    const winner = competitors.find((competitor) => competitor.socket.readyState === competitor.socket.OPEN);
    await winner?.until('connected');
    // Either both were ready, one after the other, or one was refused before it was ready.
    await untilResumed(rig, loserClose.code === CLOSE.takenOver ? countLogged(rig, 'SESSION_TAKEN_OVER') + 1 : 1);
    winner?.sendFrames(0, 4);
    await finishTurn(winner ?? client);
    expect([rig.manager.sessions, rig.manager.size, rig.turns.length]).toEqual([1, 1, 1]);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 4));
  });

  test('the ready of an older connection does not confirm the token of the newer one', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    await loseConnection(rig, client, welcome);
    const older = reconnect(rig, welcome, { autoReady: false });
    await older.until('connected');
    const newer = reconnect(rig, welcome, { autoReady: false });
    const newWelcome = await newer.until('connected');
    older.sendReady(welcome.session_id);
    await untilResumed(rig);
    expect([countLogged(rig, 'SESSION_TAKEN_OVER'), rig.manager.pending]).toEqual([0, 1]);
    newer.sendReady(welcome.session_id);
    expect((await older.closed).code).toBe(CLOSE.takenOver);
    expect([countLogged(rig, 'SESSION_RESUMED'), countLogged(rig, 'SESSION_TAKEN_OVER'), rig.manager.pending]).toEqual([
      2, 1, 0,
    ]);
    // The token in the newer client's welcome is valid.
    await loseConnection(rig, newer, welcome);
    await reconnect(rig, newWelcome).until('connected');
    await untilResumed(rig, 3);
  });

  test('the newer connection stays if the ready of the older one arrives later', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    await loseConnection(rig, client, welcome);
    const older = reconnect(rig, welcome, { autoReady: false });
    await older.until('connected');
    const newer = reconnect(rig, welcome);
    const newWelcome = await newer.until('connected');
    await untilResumed(rig);
    older.sendReady(welcome.session_id);
    expect((await older.closed).code).toBe(CLOSE.takenOver);
    newer.sendFrames(0, 4);
    await finishTurn(newer);
    expect([countLogged(rig, 'SESSION_RESUMED'), countLogged(rig, 'SESSION_TAKEN_OVER')]).toEqual([1, 0]);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 4));
    await loseConnection(rig, newer, welcome);
    await reconnect(rig, newWelcome).until('connected');
    await untilResumed(rig, 2);
  });

  test('a frozen older connection is terminated and frees its slot', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const { client: frozen, welcome } = await listeningClient(rig);
    frozen.socket.pause();
    const newer = reconnect(rig, welcome);
    await newer.until('connected');
    await eventually(() => expect(rig.manager.size).toBe(1));
    expect(rig.manager.sessions).toBe(1);
    frozen.socket.terminate();
  });
});
