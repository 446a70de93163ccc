import { endsWithin } from '../shared/time-limit.ts';
import type { ChaosHost } from './host.ts';
import { armFault, injectFault } from './inject-fault.ts';
import { OutageLock } from './outage-lock.ts';
import { FAULT_FRAMES, type Fault, type Plan } from './plan.ts';
import { Rig } from './rig.ts';
import { checkTurn, collectUnexpectedErrors, type TurnOutcome } from './turn-outcome.ts';
import type { ChaosWindow } from './window.ts';

/** Time limit (ms) of a turn, so that a turn that hangs does not block the others. Long enough for a busy machine. */
const TURN_DEADLINE_MS = 90_000;

/** What a turn needs to use the same host as other turns. */
interface SharedHost {
  host: ChaosHost;
  /** Voice number of this window, unique on the host. */
  voice: number;
  /** Prevents an outage of the host while this window delivers its last audio. */
  outageLock: OutageLock;
}

/**
 * Runs one turn over a connection that breaks as planned, from the press to the saved recording.
 * Never rejects: the outcome lists the failures.
 * @param shared default: a separate host, and very short reconnect delays
 */
export async function runCutTurn(plan: Plan, shared?: SharedHost): Promise<TurnOutcome> {
  const { seed, frames, tail, pace } = plan;
  const outcome: TurnOutcome = {
    seed,
    frames,
    resumes: 0,
    refusedPresses: 0,
    cuts: {},
    comparison: null,
    failures: [],
    log: '',
  };
  const rigOptions = { seed, pace, tail };
  const rig = await Rig.start(
    shared ? { ...rigOptions, host: shared.host, voice: shared.voice, jitter: 1 } : rigOptions,
  );
  const unexpectedErrors = collectUnexpectedErrors(rig);
  const window = rig.addWindow();
  const restartsBefore = rig.host.restarts;
  try {
    const turn = performTurn(rig, window, plan, outcome, shared?.outageLock ?? new OutageLock());
    if (!(await endsWithin(TURN_DEADLINE_MS, turn))) {
      throw new Error(`the turn did not finish within ${TURN_DEADLINE_MS} ms`);
    }
    await checkTurn(rig, window, plan, outcome, rig.host.restarts - restartsBefore);
  } catch (error) {
    outcome.failures.push(error instanceof Error ? error.message : String(error));
  }
  outcome.failures.push(...unexpectedErrors);
  if (outcome.failures.length > 0) outcome.log = rig.events.tail(60);
  await rig.host.deleteRecordings(rig.saved);
  await rig.stop();
  return outcome;
}

/** Presses, speaks while the planned faults break the connection, presses again, and waits for the recording. */
async function performTurn(
  rig: Rig,
  window: ChaosWindow,
  plan: Plan,
  outcome: TurnOutcome,
  outageLock: OutageLock,
): Promise<void> {
  const { frames, faults, atStop } = plan;
  await startListening(rig, window, outcome);
  for (const [i, fault] of faults.entries()) {
    await breakConnection(rig, window, fault, faults[i + 1]?.frame ?? frames);
    outcome.cuts[fault.cut.kind] = (outcome.cuts[fault.cut.kind] ?? 0) + 1;
  }
  await window.microphone.emitUpTo(frames);
  outcome.frames = window.microphone.position;
  await outageLock.deliver(async () => {
    await rig.untilListening(window);
    window.client.press();
    const connection = rig.proxy.newest;
    if (atStop && connection) injectFault({ proxy: rig.proxy, connection, reconnected: Promise.resolve() }, atStop);
    await rig.until('idle', () => window.snapshot.view === 'idle' || window.snapshot.view === 'error');
    await rig.until('saved', () => rig.saved.length > 0);
  });
  outcome.resumes = window.snapshot.resumes;
}

/** Presses until the window listens. If the server is full, waits for room and presses again. */
async function startListening(rig: Rig, window: ChaosWindow, outcome: TurnOutcome): Promise<void> {
  for (;;) {
    window.client.press();
    const isFull = (): boolean => window.snapshot.problem === 'server_full';
    await rig.until('listening', () => window.snapshot.view === 'listening' || isFull());
    if (!isFull()) return;
    outcome.refusedPresses += 1;
    await rig.until('room', () => rig.host.manager.hasRoom);
  }
}

/** Breaks the connection at the planned frame and waits until the window listens on a new one. */
async function breakConnection(rig: Rig, window: ChaosWindow, fault: Fault, nextFrame: number): Promise<void> {
  const { proxy } = rig;
  const { microphone } = window;
  microphone.allowUpTo(fault.frame);
  await microphone.untilEmitted(fault.frame);
  const isConnected = (): boolean => window.snapshot.view === 'listening' && proxy.newest?.intact === true;
  await rig.until('an intact connection', isConnected);
  if (fault.stallMs > 0) await stall(rig, fault.stallMs);
  await rig.until('an intact connection after the stall', isConnected);
  const connection = proxy.newest;
  if (connection === null) throw new Error('no connection to break');
  const reconnected = rig.until(
    `reconnected after ${JSON.stringify(fault)}`,
    () => window.snapshot.view === 'listening' && proxy.newest !== connection,
  );
  if (fault.reconnectFault) armFault(proxy, fault.reconnectFault);
  injectFault({ proxy, connection, reconnected }, fault.cut);
  // Some faults take effect only after further frames.
  microphone.allowUpTo(Math.max(nextFrame, microphone.position + FAULT_FRAMES));
  await reconnected;
}

/** Pauses all traffic, for too short a time for either side to treat the connection as lost. */
async function stall(rig: Rig, ms: number): Promise<void> {
  rig.proxy.freeze();
  await new Promise((resolve) => setTimeout(resolve, ms));
  rig.proxy.thaw();
}
