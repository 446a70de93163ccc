import { EarshotError } from '../../shared/errors.ts';
import { type Chosen, chooseMicrophone, type MicrophoneChoice, type Microphones } from './choose-microphone.ts';
import { micError, micStopped } from './mic-problem.ts';
import type { Microphone, MicrophoneInfo } from './microphone.ts';

/** Waits (ms) before the tries to open a microphone at a press; only the first one asks without a look at the list. */
export const OPEN_RETRY_DELAYS_MS: readonly number[] = [0, 0, 500, 1_000];
/** The same after the microphone that was heard went away. A sound server that restarts takes some seconds. */
export const REOPEN_RETRY_DELAYS_MS: readonly number[] = [0, 250, 500, 1_000, 2_000, 4_000, 4_000];

export interface ReachOptions {
  /** Before each try, in ms. */
  waits: readonly number[];
  /** At a press: asks for the chosen device without a look at the list, before this returns. */
  first: boolean;
  choice: MicrophoneChoice;
  /** Reads what devices there are. Never rejects. */
  list: () => Promise<Microphones>;
  /** Starts the browser's audio process anew. False: this shell can't. */
  restartAudio: () => Promise<boolean>;
  open: (target: Chosen) => Microphone;
  onFailed: (microphone: Microphone) => void;
  pause: (ms: number) => Promise<void>;
  isStopped: () => boolean;
}

export interface Reached {
  info: MicrophoneInfo;
  target: Chosen;
}

/**
 * Opens the device that is to be heard, and tries again where it is not there.
 * @throws {EarshotError} with the code of the last `MicProblem`, `mic_no_devices` where the system reports none at all, or
 *   `mic_stopped`
 */
export async function reachMicrophone(options: ReachOptions): Promise<Reached> {
  const { waits, first, choice, isStopped } = options;
  let failure: unknown = null;
  let nothing = false;
  let restarted = false;
  for (const [n, ms] of waits.entries()) {
    if (ms > 0) await options.pause(ms);
    if (isStopped()) throw micStopped();
    let target: Chosen = { deviceId: choice.id, label: '', insteadOf: '' };
    if (!first || n > 0) {
      const list = await options.list();
      nothing = list.nothing;
      // Each time: an audio process that starts before the sound server does not find it later either.
      if (nothing) restarted = (await options.restartAudio()) || restarted;
      else if (first && choice.id === '' && !restarted) break;
      target = chooseMicrophone(choice, list);
      if (isStopped()) throw micStopped();
    }
    const microphone = options.open(target);
    try {
      return { info: await microphone.ready, target };
    } catch (error) {
      failure = error;
      options.onFailed(microphone);
      const code = error instanceof EarshotError ? error.code : '';
      if (code === 'mic_denied' || code === 'mic_stopped' || (first && code !== 'mic_missing')) throw error;
      // A press is answered soon: with the default one missing, and nothing to start anew, there is no use in waiting.
      if (first && n > 0 && target.deviceId === '' && !restarted) break;
    }
  }
  throw nothing ? micError('mic_no_devices', failure) : failure;
}
