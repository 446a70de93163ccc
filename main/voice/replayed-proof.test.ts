import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type ConnectedMessage, parseServerMessage, type ServerMessage } from '../../shared/protocol.ts';
import {
  ORIGIN,
  proofFor,
  type Rig,
  reconnect,
  samplesOf,
  startRig,
  TestClient,
  watchRejections,
} from '../testing/voice-rig.ts';

// Another program had the port for a while and recorded the clients' proofs. Now the server has the port again.

let rig: Rig;
watchRejections();
beforeEach(async () => {
  rig = await startRig();
});
afterEach(async () => {
  await rig.stop();
  expect([rig.manager.size, rig.manager.pending, rig.manager.sessions]).toEqual([0, 0, 0]);
});

/** Replays a recorded request. It does not know the launch secret. */
class Impostor {
  readonly received: ServerMessage[] = [];
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;
  #notify: () => void = () => undefined;

  constructor(url: string, protocols: string[]) {
    this.#socket = new WebSocket(url, protocols, { origin: ORIGIN });
    this.#socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.#socket.on('close', (code) => resolve(code)));
    this.#socket.on('message', (data) => {
      const parsed = parseServerMessage(String(data));
      if (parsed.kind === 'message') this.received.push(parsed.message);
      this.#notify();
    });
  }

  async welcome(): Promise<ConnectedMessage> {
    for (;;) {
      const found = this.received.find((message) => message.event === 'connected');
      if (found) return found;
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
      });
    }
  }
  send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }
}

/** Forged answers to a challenge, made without the secret. */
const ANSWERS: [string, (kept: string[], welcome: ConnectedMessage) => string | undefined][] = [
  ['none', () => undefined],
  ['the proof of the request', ([, auth]) => auth?.split('.')[2]],
  ['the server’s own proof', (_, welcome) => welcome.proof],
  ['the challenge itself', (_, welcome) => welcome.challenge.padEnd(43, 'A')],
];

describe('H66 a request that another program recorded and replays', () => {
  test.each(ANSWERS)('starts no session without an answer to the challenge (%s)', async (_, forge) => {
    const kept = proofFor(rig.url()).protocols;
    const impostor = new Impostor(rig.url(), kept);
    const welcome = await impostor.welcome();
    const proof = forge(kept, welcome);
    for (let i = 0; i < 3; i++) impostor.send({ event: 'ready', session_id: welcome.session_id, proof });
    expect(await impostor.closed).toBe(1008);
    expect(impostor.received.map(({ event }) => event)).toEqual(['connected', 'error', 'error', 'error']);
    expect([rig.turns, rig.logged.filter(({ event }) => event === 'WS_READY')]).toEqual([[], []]);
  });

  test('resumes no session and does not affect its client', async () => {
    const honest = new TestClient(rig.url());
    await honest.startTurn();
    honest.sendFrames(0, 9);
    await honest.until('audio_ack');
    const mine = await honest.until('connected');
    // The client sent this to the stolen port and then found the server elsewhere.
    const url = rig.url('tester', mine.session_id);
    const kept = proofFor(url, mine.resume_token).protocols;

    const impostor = new Impostor(url, kept);
    const welcome = await impostor.welcome();
    expect(welcome).toMatchObject({ resumed: true, session_id: mine.session_id });
    const proof = kept[1]?.split('.')[2];
    for (let i = 0; i < 3; i++) impostor.send({ event: 'ready', session_id: mine.session_id, proof });
    expect(await impostor.closed).toBe(1008);

    honest.sendFrames(10, 19);
    await honest.until('audio_ack', 2);
    honest.socket.terminate();
    await rig.untilLogged('SESSION_LOST');
    const again = reconnect(rig, mine);
    expect(await again.until('connected')).toMatchObject({ resumed: true, received_through: 19 });
    again.send({ event: 'stop' });
    await again.until('voice_state');
    expect(rig.turns[0]?.pcm).toEqual(samplesOf(0, 19));
  });

  test('is refused with the answer to the challenge of another connection', async () => {
    const proof = proofFor(rig.url());
    const first = new Impostor(rig.url(), proof.protocols);
    const other = await first.welcome();
    const second = proofFor(rig.url());
    const impostor = new Impostor(rig.url(), second.protocols);
    const welcome = await impostor.welcome();
    expect(welcome.challenge).not.toBe(other.challenge);
    for (const answer of [
      proof.answer(other.challenge),
      proof.answer(welcome.challenge),
      second.answer(other.challenge),
    ]) {
      impostor.send({ event: 'ready', session_id: welcome.session_id, proof: answer });
    }
    expect(await impostor.closed).toBe(1008);
    expect(rig.logged.filter(({ event }) => event === 'WS_READY')).toEqual([]);
  });
});
