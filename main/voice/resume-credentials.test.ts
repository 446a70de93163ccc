import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { CLOSE, type ConnectedMessage } from '../../shared/protocol.ts';
import {
  callsOf,
  countLogged,
  eventually,
  expectNothingLeft,
  finishTurn,
  listeningClient,
  loseConnection,
  terminateBeforeReady,
  untilResumed,
} from '../testing/resume-rig.ts';
import {
  type Rig,
  rawSocket,
  reconnect,
  samplesOf,
  startRig,
  TestClient,
  upgradeRequest,
} from '../testing/voice-rig.ts';

let rig: Rig;
expectNothingLeft(() => rig);

describe('the resume token', () => {
  test('and its successor are both valid if the connection was lost between the welcome and ready', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    client.sendFrames(0, 9);
    await loseConnection(rig, client, welcome);

    const notReady = reconnect(rig, welcome, { autoReady: false });
    const unansweredWelcome = await notReady.until('connected');
    await terminateBeforeReady(rig, notReady);
    // This client has received the welcome, but its ready is lost.
    const withNewToken = reconnect(rig, unansweredWelcome, { autoReady: false });
    await withNewToken.until('connected');
    await terminateBeforeReady(rig, withNewToken);
    // This client uses the previous token, as if it had not received the latest welcome.
    const withPreviousToken = reconnect(rig, unansweredWelcome);
    const lastWelcome = await withPreviousToken.until('connected');
    await untilResumed(rig);
    expect(callsOf(rig, 'resumed')).toHaveLength(1);
    withPreviousToken.sendFrames(lastWelcome.received_through + 1, 19);
    await finishTurn(withPreviousToken);
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 19));
    expect(rig.turns[0]?.gaps).toEqual([]);
  });

  test('is the same in every attempt of a welcome', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    await loseConnection(rig, client, welcome);
    const resumedClient = reconnect(rig, welcome, { autoReady: false });
    const attempts = [await resumedClient.until('connected'), await resumedClient.until('connected', 2)] as const;
    const [one, two] = attempts;
    expect([one.resumed, one.attempt, two.attempt]).toEqual([true, 1, 2]);
    expect({ ...two, attempt: 1 }).toEqual(one);
    resumedClient.sendReady(two.session_id);
    await untilResumed(rig);
    await loseConnection(rig, resumedClient, welcome);
    await reconnect(rig, one).until('connected');
    await untilResumed(rig, 2);
  });
});

describe('H24 an invalid resume', () => {
  /** What a client resumes with. */
  interface Credentials {
    user: string;
    session: string | undefined;
    token: string | undefined;
  }

  test.each<[string, (valid: Credentials, otherSession: ConnectedMessage, usedToken: string) => Credentials]>([
    ['with a wrong token', (valid) => ({ ...valid, token: 'x'.repeat(43) })],
    ['with a truncated token', (valid) => ({ ...valid, token: valid.token?.slice(0, -1) })],
    ['with a token that was already used', (valid, _, usedToken) => ({ ...valid, token: usedToken })],
    ['with the token of another session', (valid, otherSession) => ({ ...valid, token: otherSession.resume_token })],
    [
      'of another session with its own token',
      (valid, otherSession) => ({ ...valid, session: otherSession.session_id }),
    ],
    ['of a session that never existed', (valid) => ({ ...valid, session: 'AAAAAAAAAAAAAAAA' })],
    ['of a session named like an inherited member', (valid) => ({ ...valid, session: '__proto__' })],
    ['by another user', (valid) => ({ ...valid, user: 'eve' })],
    ['with a session id and no token', (valid) => ({ ...valid, token: undefined })],
    ['with a token and no session id', (valid) => ({ ...valid, session: undefined })],
  ])(
    '%s gets 4410 with the same reason and nothing else, is logged once, and does not affect the session',
    async (_title, forge) => {
      rig = await startRig();
      const other = await listeningClient(rig, 'bob');
      const { client, welcome: firstWelcome } = await listeningClient(rig, 'ada');
      await loseConnection(rig, client, firstWelcome);
      const resumedClient = reconnect(rig, firstWelcome);
      const welcome = await resumedClient.until('connected');
      await untilResumed(rig);
      await loseConnection(rig, resumedClient, firstWelcome);

      const valid = { user: 'ada', session: welcome.session_id, token: welcome.resume_token };
      const { user, session, token } = forge(valid, other.welcome, firstWelcome.resume_token);
      const impostor = new TestClient(rig.url(user, session), token === undefined ? {} : { resume: token });
      expect(await impostor.closed).toEqual({ code: CLOSE.nothingToResume, reason: 'nothing to resume' });
      expect(impostor.received).toEqual([]);
      expect(impostor.socket.protocol).toBe('voice.v1');
      expect(rig.logged.filter((entry) => entry.event === 'WS_REFUSED').map(({ fields }) => fields)).toEqual([
        { on: 'voice', status: CLOSE.nothingToResume, why: 'nothing to resume' },
      ]);

      const validClient = reconnect(rig, welcome);
      expect(await validClient.until('connected')).toMatchObject({ resumed: true, session_id: welcome.session_id });
      expect(other.client.socket.readyState).toBe(other.client.socket.OPEN);
    },
  );

  test('a token is invalid after use, and the log contains no token', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    await loseConnection(rig, client, welcome);
    const resumedClient = reconnect(rig, welcome);
    const nextWelcome = await resumedClient.until('connected');
    await untilResumed(rig);
    expect((await reconnect(rig, welcome).closed).code).toBe(CLOSE.nothingToResume);
    expect(resumedClient.socket.readyState).toBe(resumedClient.socket.OPEN);
    const lines = JSON.stringify(rig.logged);
    for (const token of [welcome.resume_token, nextWelcome.resume_token]) expect(lines).not.toContain(token);
  });

  test('a session that has ended is indistinguishable from one that never existed', async () => {
    rig = await startRig();
    const { client, welcome } = await listeningClient(rig);
    client.socket.close(1000);
    await eventually(() => expect(rig.manager.sessions).toBe(0));
    expect(await reconnect(rig, welcome).closed).toEqual({
      code: CLOSE.nothingToResume,
      reason: 'nothing to resume',
    });
  });

  test('a peer that does not answer the 4410 is terminated', async () => {
    rig = await startRig({ limits: { closeMs: 20 } });
    const socket = await rawSocket(rig.port);
    const closed = once(socket, 'close');
    const request = upgradeRequest(rig.port).replace('user_id=raw', 'user_id=raw&session_id=none');
    socket.resume().write(request);
    await once(socket, 'end');
    socket.end();
    await closed;
    expect(countLogged(rig, 'WS_CONNECT')).toBe(0);
  });
});
