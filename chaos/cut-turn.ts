import { endsWithin } from '../shared/time-limit.ts';
import type { ChaosHost } from './host.ts';
import { armFault, injectFault } from './inject-fault.ts';
import { OutageLock } from './outage-lock.ts';
import { type Cut, FAULT_FRAMES, type Fault, type Plan } from './plan.ts';
import { Rig } from './rig.ts';
import { compare, type RecordedAudio } from './tagged-audio.ts';
import type { ChaosWindow } from './window.ts';

/** Warnings that a broken connection, or a full or restarting server, may cause. Any other warning fails the turn. */
const EXPECTED_WARNINGS: readonly unknown[] = [
  'socket_error',
  'upgrade_failed',
  'send_failed',
  'send_connected_failed',
  'no_voice_server',
  'server_full',
];

/** Time limit (ms) of a turn, so that a turn that hangs does not block the others. Long enough for a busy machine. */
const TURN_DEADLINE_MS = 90_000;

export interface TurnOutcome {
  seed: number;
  /** Number of frames sent: the planned number, or more if a late fault needed further frames. */
  frames: number;
  /** Number of successful resumes. */
  resumes: number;
  /** Number of presses that failed because the server was full. */
  refusedPresses: number;
  /** Number of cuts of each kind. */
  cuts: Partial<Record<Cut['kind'], number>>;
  /** null if there is no recording to compare. */
  comparison: RecordedAudio | null;
  /** One message per failed check; empty if the turn passed. */
  faults: string[];
  /** The last lines of the log if the turn failed, otherwise empty. */
  log: string;
}

/** A host shared with other turns. */
export interface Shared {
  host: ChaosHost;
  /** Voice number of this window, unique on the host. */
  voice: number;
  /** Prevents outages while this window delivers its last audio. */
  outageLock: OutageLock;
}

/**
 * Runs one turn over a connection that breaks as planned, from the press to the saved recording.
 * Never rejects: failures are listed in `faults`.
 * @param shared a shared host; default: a separate host, and very short reconnect delays
 */
export async function runCutTurn(plan: Plan, shared?: Shared): Promise<TurnOutcome> {
  const { seed, frames, tail, pace } = plan;
  const outcome: TurnOutcome = {
    seed,
    frames,
    resumes: 0,
    refusedPresses: 0,
    cuts: {},
    comparison: null,
    faults: [],
    log: '',
  };
  const rigOptions = { seed, pace, tail };
  const rig = await Rig.start(
    shared ? { ...rigOptions, host: shared.host, voice: shared.voice, jitter: 1 } : rigOptions,
  );
  const unexpected = watchForErrors(rig);
  const window = rig.addWindow();
  const before = rig.host.restarts;
  try {
    const turn = performTurn(rig, window, plan, outcome, shared?.outageLock ?? new OutageLock());
    if (!(await endsWithin(TURN_DEADLINE_MS, turn))) {
      throw new Error(`the turn did not finish within ${TURN_DEADLINE_MS} ms`);
    }
    await check(rig, window, plan, outcome, rig.host.restarts - before);
  } catch (error) {
    outcome.faults.push(error instanceof Error ? error.message : String(error));
  }
  outcome.faults.push(...unexpected);
  if (outcome.faults.length > 0) outcome.log = rig.events.tail(60);
  await rig.host.deleteRecordings(rig.saved);
  await rig.stop();
  return outcome;
}

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
  const isUp = (): boolean => window.snapshot.view === 'listening' && proxy.newest?.intact === true;
  await rig.until('a whole connection', isUp);
  if (fault.stallMs > 0) await stall(rig, fault.stallMs);
  await rig.until('a whole connection after the stall', isUp);
  const connection = proxy.newest;
  if (connection === null) throw new Error('no connection to break');
  const reconnected = rig.until(
    `back after ${JSON.stringify(fault)}`,
    () => window.snapshot.view === 'listening' && proxy.newest !== connection,
  );
  if (fault.reconnectFault) armFault(proxy, fault.reconnectFault);
  injectFault({ proxy, connection, reconnected }, fault.cut);
  // Some faults take effect only after further frames.
  microphone.allowUpTo(Math.max(nextFrame, microphone.position + FAULT_FRAMES));
  await reconnected;
}

/** A pause too short for either side to treat as a lost connection. */
async function stall(rig: Rig, ms: number): Promise<void> {
  rig.proxy.freeze();
  await new Promise((resolve) => setTimeout(resolve, ms));
  rig.proxy.thaw();
}

async function check(rig: Rig, window: ChaosWindow, plan: Plan, outcome: TurnOutcome, restarts: number): Promise<void> {
  const { faults, refusedPresses } = outcome;
  const { snapshot } = window;
  const expect = (holds: boolean, what: string): void => void (holds || faults.push(what));
  const { saved } = rig;
  const cuts = plan.faults.length;
  expect(snapshot.view === 'idle', `the window shows ${snapshot.view}, ${snapshot.problem}`);
  expect(snapshot.lostMs === 0, `the window reports ${snapshot.lostMs} ms of lost audio`);
  expect(snapshot.newSessions === 0, `${snapshot.newSessions} new sessions`);
  // One resume can recover from a cut and a restart that happen together.
  expect(snapshot.resumes >= cuts - restarts, `${cuts} cuts, ${restarts} restarts, ${snapshot.resumes} resumes`);
  expect(rig.events.count('client', 'WS_CONNECTED') === 1, 'the client started more than one session');
  expect(window.microphones.length === 1 + refusedPresses, `${window.microphones.length} microphones`);
  expect(saved.length === 1, `${saved.length} recordings`);
  faults.push(...rig.host.problems);
  const [info] = saved;
  if (info === undefined) return;
  expect(info.complete, 'the recording is not complete');
  expect(info.gaps.length === 0, `the recording has gaps: ${JSON.stringify(info.gaps)}`);
  outcome.comparison = compare(await rig.host.samples(info), {
    voice: window.voice,
    from: 0,
    to: outcome.frames,
    tail: plan.tail,
  });
  expect(outcome.comparison.exact, `the recording differs from the audio sent: ${JSON.stringify(outcome.comparison)}`);
}

/** Collects every logged error and warning that a broken connection does not explain. */
function watchForErrors(rig: Rig): string[] {
  const found: string[] = [];
  rig.events.onLine(({ side, event, fields }) => {
    const isError = event === 'ERROR' || event === 'AUDIO_GAP' || event === 'AUDIO_LOST' || event === 'SESSION_EXPIRED';
    if (!isError && event !== 'WARNING') return;
    if (!EXPECTED_WARNINGS.includes(fields.type)) found.push(`${side} ${event} ${JSON.stringify(fields)}`);
  });
  return found;
}

/** Formats a failed turn, starting with its seed. */
export function describeOutcome({ seed, faults, log }: TurnOutcome): string {
  return `turn ${seed}\n  ${faults.join('\n  ')}\n${log}`;
}
