import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLOSE, RESUME_WINDOW_MS } from '../../shared/protocol.ts';
import {
  callsOf,
  countLogged,
  eventually,
  expectNothingLeft,
  finishTurn,
  listeningClient,
  loseConnection,
  untilResumed,
} from '../testing/resume-rig.ts';
import { type Rig, reconnect, samplesOf, startRig, TestClient } from '../testing/voice-rig.ts';

let rig: Rig;
expectNothingLeft(() => rig);

describe('a session whose connection broke', () => {
  test('can be resumed within the time that its welcome states', async () => {
    rig = await startRig();
    const { welcome } = await listeningClient(rig);
    expect(welcome).toMatchObject({ resumed: false, received_through: -1, resume_window_ms: RESUME_WINDOW_MS });
  });

  test('continues its turn: there is one recording, with exactly the samples sent', async () => {
    rig = await startRig();
    const first = await listeningClient(rig, 'ada');
    first.client.sendFrames(0, 29);
    await eventually(() => expect(rig.turns[0]?.pcm.length).toBeGreaterThanOrEqual(10 * 320));
    await loseConnection(rig, first.client, first.welcome);
    expect(rig.turns[0]?.finished).toBe(false);

    const resumedClient = reconnect(rig, first.welcome);
    const welcome = await resumedClient.until('connected');
    expect(welcome).toMatchObject({ session_id: first.welcome.session_id, user_id: 'ada', resumed: true, attempt: 1 });
    expect(welcome.resume_token).not.toBe(first.welcome.resume_token);
    // The turn is still open: no other start is needed.
    resumedClient.sendFrames(welcome.received_through + 1, 49);
    await finishTurn(resumedClient);
    expect(rig.turns).toMatchObject([{ turn: 1, gaps: [], finished: true }]);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 49));
    expect([countLogged(rig, 'SESSION_LOST'), countLogged(rig, 'SESSION_RESUMED'), rig.manager.sessions]).toEqual([
      1, 1, 1,
    ]);
    expect(callsOf(rig, 'resumed')).toEqual([['resumed', expect.any(Number)]]);
  });

  test('H61 a turn counts as stopped only if it was stopped on the connection on which it began', async () => {
    rig = await startRig();
    const first = await listeningClient(rig);
    await finishTurn(first.client);
    first.client.send({ event: 'start' });
    await eventually(() => expect(rig.turns).toHaveLength(2));
    await loseConnection(rig, first.client, first.welcome);
    const resumedClient = reconnect(rig, first.welcome);
    await resumedClient.until('connected');
    await finishTurn(resumedClient);
    // The next turn begins on the new connection.
    resumedClient.send({ event: 'start' });
    await eventually(() => expect(rig.turns).toHaveLength(3));
    await finishTurn(resumedClient);
    // This client closes its connection in the middle of its turn.
    const { client } = await listeningClient(rig);
    client.socket.close(CLOSE.done);
    await eventually(() =>
      expect(rig.turns.map(({ ending }) => ending)).toEqual(['stopped', 'interrupted', 'stopped', 'interrupted']),
    );
  });

  test('H52 records the state of the microphone once, even if the client repeats it after the resume', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    const microphoneMessage = { event: 'microphone', label: 'Desk\u202e', instead_of: null } as const;
    client.send({ ...microphoneMessage, seq: 0, status: 'ok' });
    client.sendFrames(0, 9);
    client.send({ ...microphoneMessage, seq: 10, status: 'muted' });
    await eventually(() => expect(rig.turns[0]?.microphone).toHaveLength(2));
    await loseConnection(rig, client, welcome);
    const resumedClient = reconnect(rig, welcome);
    expect((await resumedClient.until('connected')).received_through).toBe(9);
    resumedClient.send({ ...microphoneMessage, seq: 0, status: 'ok' });
    resumedClient.send({ ...microphoneMessage, seq: 10, status: 'muted' });
    resumedClient.sendFrames(10, 19);
    await finishTurn(resumedClient);
    expect(rig.turns[0]?.microphone).toEqual([
      { at: 0, label: 'Desk·', status: 'ok', instead_of: null },
      { at: 3_200, label: 'Desk·', status: 'muted', instead_of: null },
    ]);
  });

  test('a pause during which the connection was lost is one pause, and its turn one recording', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    client.sendFrames(0, 9);
    client.send({ event: 'pause', seq: 10, seconds: null });
    await eventually(() => expect(rig.turns[0]?.pauses).toHaveLength(1));
    await loseConnection(rig, client, welcome);
    const resumedClient = reconnect(rig, welcome);
    expect((await resumedClient.until('connected')).received_through).toBe(9);
    resumedClient.send({ event: 'pause', seq: 10, seconds: null });
    resumedClient.send({ event: 'pause', seq: 10, seconds: 7 });
    resumedClient.sendFrames(10, 19);
    resumedClient.send({ event: 'pause', seq: 10, seconds: 7 });
    await finishTurn(resumedClient);
    const [turn] = rig.turns;
    expect([rig.turns.length, turn?.pcm, turn?.gaps]).toEqual([1, samplesOf(0, 19), []]);
    expect(turn?.pauses).toEqual([
      { at: 3_200, seconds: null },
      { at: 3_200, seconds: null },
      { at: 3_200, seconds: 7 },
    ]);
  });

  test('accepts messages that are sent again, and acknowledges only audio that arrives after the resume', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    client.sendFrames(0, 4);
    client.send({ event: 'stop' });
    await client.until('voice_state', 2);
    await loseConnection(rig, client, welcome);
    const resumedClient = reconnect(rig, welcome);
    expect((await resumedClient.until('connected')).received_through).toBe(4);
    resumedClient.send({ event: 'stop' });
    expect(await resumedClient.until('voice_state')).toMatchObject({ state: 'idle' });
    resumedClient.send({ event: 'start' });
    expect(await resumedClient.until('voice_state', 2)).toMatchObject({ state: 'listening' });
    resumedClient.sendFrames(5, 9);
    await finishTurn(resumedClient);
    expect(resumedClient.received.filter((m) => m.event === 'audio_ack').map((m) => m.through)).toEqual([9]);
    expect(rig.turns.map(({ turn, pcm }) => [turn, pcm])).toEqual([
      [1, samplesOf(0, 4)],
      [2, samplesOf(5, 9)],
    ]);
  });

  test('can be lost and resumed repeatedly', async () => {
    rig = await startRig();
    let { client, welcome } = await listeningClient(rig);
    for (let round = 1; round <= 5; round++) {
      client.sendFrames(welcome.received_through + 1, round * 10 - 1);
      await loseConnection(rig, client, welcome);
      client = reconnect(rig, welcome);
      welcome = await client.until('connected');
      await untilResumed(rig, round);
    }
    client.sendFrames(welcome.received_through + 1, 59);
    await finishTurn(client);
    expect(rig.turns).toHaveLength(1);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 59));
  });

  test('requires ready on each connection: earlier audio is refused, and strikes are kept', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    client.send('not json');
    await client.until('error');
    await loseConnection(rig, client, welcome);
    const resumedClient = reconnect(rig, welcome, { autoReady: false });
    await resumedClient.until('connected');
    resumedClient.sendFrame(0);
    expect(await resumedClient.until('error')).toMatchObject({ code: 'not_ready' });
    resumedClient.send('not json');
    // The two strikes of this connection are added to the session's one when the client is ready.
    resumedClient.sendReady(welcome.session_id);
    expect((await resumedClient.closed).code).toBe(CLOSE.policy);
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect(rig.turns).toMatchObject([{ pcm: [], finished: true }]);
  });

  test('still refuses audio while idle, and drops duplicates in the next turn', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    client.sendFrames(0, 3);
    await finishTurn(client);
    await loseConnection(rig, client, welcome);
    const resumedClient = reconnect(rig, welcome);
    await resumedClient.until('connected');
    resumedClient.sendFrame(4);
    expect(await resumedClient.until('error')).toMatchObject({ code: 'not_listening' });
    resumedClient.send({ event: 'start' });
    await resumedClient.until('voice_state');
    resumedClient.sendFrames(0, 7);
    await finishTurn(resumedClient);
    expect(rig.turns[1]?.pcm).toEqual(samplesOf(4, 7));
  });
});

describe('the metrics', () => {
  test('count attempts, welcomes, the resume with its delay, and a refusal', async () => {
    let now = 0;
    rig = await startRig({ monotonicNow: () => now });
    const { client, welcome } = await listeningClient(rig);
    client.sendFrames(0, 9);
    await client.until('audio_ack');
    await loseConnection(rig, client, welcome);
    now = 1_200;
    await reconnect(rig, welcome).until('connected');
    await untilResumed(rig);
    const refused = new TestClient(rig.url('no such label!'));
    await refused.closed;
    expect(rig.measured.filter(([name]) => name !== 'frames')).toEqual([
      ['attempt'],
      ['welcome', 'ready', 1, 0],
      ['attempt'],
      ['welcome', 'ready', 1, 0],
      ['resumed', 1_200],
      ['refused', 400],
    ]);
    expect(callsOf(rig, 'frames')).toHaveLength(10);
  });
});

test('property: the recording equals the audio sent, wherever and however the connection is lost', async () => {
  const how = fc.constantFrom('terminated', 'welcome lost', 'ready lost', 'taken over', 'restart');
  const losses = fc.array(fc.record({ frames: fc.nat(25), how }), { minLength: 1, maxLength: 8 });
  rig = await startRig();
  await fc.assert(
    fc.asyncProperty(losses, async (plan) => {
      const earlierTurns = rig.turns.length;
      let { client, welcome } = await listeningClient(rig);
      let lastSeq = -1;
      for (const loss of plan) {
        lastSeq += loss.frames;
        client.sendFrames(welcome.received_through + 1, lastSeq);
        if (loss.how === 'restart') await rig.restart();
        else if (loss.how !== 'taken over') client.socket.terminate();
        if (loss.how === 'welcome lost') {
          const attempt = reconnect(rig, welcome, { autoReady: false });
          await once(attempt.socket, 'open');
          attempt.socket.terminate();
        }
        if (loss.how === 'ready lost') {
          const attempt = reconnect(rig, welcome, { autoReady: false });
          welcome = await attempt.until('connected');
          attempt.socket.terminate();
        }
        client = reconnect(rig, welcome);
        welcome = await client.until('connected');
        expect(welcome.resumed).toBe(true);
        expect(welcome.received_through).toBeLessThanOrEqual(lastSeq);
      }
      client.sendFrames(welcome.received_through + 1, lastSeq + 5);
      await finishTurn(client);
      client.socket.close(1000);
      await client.closed;
      expect(rig.turns).toHaveLength(earlierTurns + 1);
      const turn = rig.turns.at(-1);
      expect(turn?.gaps).toEqual([]);
      expect(turn?.pcm).toEqual(samplesOf(0, lastSeq + 5));
    }),
    { numRuns: 25 },
  );
});
