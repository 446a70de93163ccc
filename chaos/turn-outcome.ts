import type { Cut, Plan } from './plan.ts';
import type { Rig } from './rig.ts';
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
/** Log events that fail the turn. */
const ERROR_EVENTS: readonly string[] = ['ERROR', 'AUDIO_GAP', 'AUDIO_LOST', 'SESSION_EXPIRED'];

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
  failures: string[];
  /** The last lines of the log if the turn failed, otherwise empty. */
  log: string;
}

/**
 * Checks a finished turn: the window is idle and lost nothing, there was one session, and its recording has exactly the
 * audio that was sent. Adds the comparison and the failures to `outcome`.
 * @param restarts number of restarts of the server during the turn
 */
export async function checkTurn(
  rig: Rig,
  window: ChaosWindow,
  plan: Plan,
  outcome: TurnOutcome,
  restarts: number,
): Promise<void> {
  const { failures, refusedPresses } = outcome;
  const { snapshot } = window;
  const { saved } = rig;
  const cuts = plan.faults.length;
  const expect = (isMet: boolean, failure: string): void => void (isMet || failures.push(failure));
  expect(snapshot.view === 'idle', `the window shows ${snapshot.view}, ${snapshot.problem}`);
  expect(snapshot.lostMs === 0, `the window reports ${snapshot.lostMs} ms of lost audio`);
  expect(snapshot.newSessions === 0, `${snapshot.newSessions} new sessions`);
  // One resume can recover from a cut and a restart that happen together.
  expect(snapshot.resumes >= cuts - restarts, `${cuts} cuts, ${restarts} restarts, ${snapshot.resumes} resumes`);
  expect(rig.events.count('client', 'WS_CONNECTED') === 1, 'the client started more than one session');
  expect(window.microphones.length === 1 + refusedPresses, `${window.microphones.length} microphones`);
  expect(saved.length === 1, `${saved.length} recordings`);
  failures.push(...rig.host.problems);
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

/** Collects, from now on, every logged error and warning that a broken connection does not explain. */
export function collectUnexpectedErrors(rig: Rig): string[] {
  const errors: string[] = [];
  rig.events.onLine(({ side, event, fields }) => {
    const isError = ERROR_EVENTS.includes(event);
    if (!isError && event !== 'WARNING') return;
    if (!EXPECTED_WARNINGS.includes(fields.type)) errors.push(`${side} ${event} ${JSON.stringify(fields)}`);
  });
  return errors;
}

/** Formats a failed turn, starting with its seed. */
export function describeOutcome({ seed, failures, log }: TurnOutcome): string {
  return `turn ${seed}\n  ${failures.join('\n  ')}\n${log}`;
}
