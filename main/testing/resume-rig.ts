import { afterEach, expect, vi } from 'vitest';
import type { ConnectedMessage } from '../../shared/protocol.ts';
import { type Logged, type Measured, type Rig, TestClient, watchRejections } from './voice-rig.ts';

// Steps and checks that the tests of lost and resumed sessions share.

/**
 * Call it once per file, before its tests. After each test it stops the server and expects that no connection and no
 * session is left.
 * @param currentRig the rig of the test that has just ended
 */
export function expectNothingLeft(currentRig: () => Rig): void {
  watchRejections();
  afterEach(async () => {
    const rig = currentRig();
    await rig.stop();
    vi.useRealTimers();
    expect([rig.manager.size, rig.manager.pending, rig.manager.sessions, rig.manager.lost]).toEqual([0, 0, 0, 0]);
  });
}

/** Retries `check` until it passes. Not for tests with fake timers. */
export function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 10_000, interval: 2 });
}

/** How often an event was logged. */
export function countLogged(rig: Rig, event: Logged['event']): number {
  return rig.logged.filter((entry) => entry.event === event).length;
}

/** All calls of a metric, each with its name and arguments. */
export function callsOf(rig: Rig, metric: Measured[0]): Measured[] {
  return rig.measured.filter(([name]) => name === metric);
}

/** A client in a turn, and its welcome. */
export async function listeningClient(
  rig: Rig,
  user = 'tester',
): Promise<{ client: TestClient; welcome: ConnectedMessage }> {
  const client = new TestClient(rig.url(user));
  await client.startTurn();
  return { client, welcome: await client.until('connected') };
}

/** Terminates a client's socket. Resolves when the server has logged the loss of the session. */
export async function loseConnection(rig: Rig, client: TestClient, welcome: ConnectedMessage): Promise<void> {
  const before = countLogged(rig, 'SESSION_LOST');
  client.socket.terminate();
  await eventually(() => expect(countLogged(rig, 'SESSION_LOST')).toBe(before + 1));
  expect(rig.logged.findLast((entry) => entry.event === 'SESSION_LOST')?.fields.session).toBe(welcome.session_id);
}

/** Terminates a client that has not answered its welcome. Resolves when the server has logged that. */
export async function terminateBeforeReady(rig: Rig, client: TestClient): Promise<void> {
  const before = countLogged(rig, 'WS_NEVER_READY');
  client.socket.terminate();
  await eventually(() => expect(countLogged(rig, 'WS_NEVER_READY')).toBe(before + 1));
}

/** Resolves when `times` resumed clients were ready. The token that the last one used is then invalid. */
export async function untilResumed(rig: Rig, times = 1): Promise<void> {
  await eventually(() => expect(countLogged(rig, 'SESSION_RESUMED')).toBe(times));
}

/** Stops the turn and waits until its recording is finished. */
export async function finishTurn(client: TestClient): Promise<void> {
  client.send({ event: 'stop' });
  await eventually(() => expect(client.received.at(-1)).toMatchObject({ event: 'voice_state', state: 'idle' }));
}
