import { EarshotError } from '../../shared/errors.ts';
import { chooseMicrophone, type MicrophoneChoice, type Microphones, type TargetDevice } from './choose-microphone.ts';
import { micError, micStopped } from './mic-problem.ts';
import type { Microphone, MicrophoneInfo } from './microphone.ts';

/**
 * Delays (ms) before each attempt to open a microphone at a press. Only the first attempt skips reading the device
 * list.
 */
export const OPEN_RETRY_DELAYS_MS: readonly number[] = [0, 0, 500, 1_000];
/**
 * Delays (ms) before each attempt after the active microphone was disconnected. A sound server takes seconds to
 * restart.
 */
export const REOPEN_RETRY_DELAYS_MS: readonly number[] = [0, 250, 500, 1_000, 2_000, 4_000, 4_000];

export interface OpenWithRetryOptions {
  /** Delay before each attempt, in ms. */
  delays: readonly number[];
  /** At a press: requests the chosen device synchronously, without reading the device list. */
  atPress: boolean;
  choice: MicrophoneChoice;
  /** Reads the device list. Never rejects. */
  readDevices: () => Promise<Microphones>;
  /** Restarts the browser's audio process. False: this shell can't. */
  restartAudio: () => Promise<boolean>;
  open: (target: TargetDevice) => Microphone;
  onFailed: (microphone: Microphone) => void;
  pause: (ms: number) => Promise<void>;
  isStopped: () => boolean;
}

export interface OpenedDevice {
  info: MicrophoneInfo;
  target: TargetDevice;
}

/**
 * Opens the device to record from, and retries if it is missing.
 * @throws {EarshotError} with the code of the last `MicProblem`, `mic_no_devices` if the system reports no devices at
 *   all, or `mic_stopped`
 */
export async function openWithRetry(options: OpenWithRetryOptions): Promise<OpenedDevice> {
  const { delays, atPress, choice, isStopped } = options;
  let failure: unknown = null;
  let noDevices = false;
  let restarted = false;
  for (const [n, ms] of delays.entries()) {
    if (ms > 0) await options.pause(ms);
    if (isStopped()) throw micStopped();
    let target: TargetDevice = { deviceId: choice.id, label: '', insteadOf: '' };
    if (!atPress || n > 0) {
      const list = await options.readDevices();
      noDevices = list.noDevices;
      // Restart on every attempt: an audio process that started before the sound server never finds it.
      if (noDevices) restarted = (await options.restartAudio()) || restarted;
      else if (atPress && choice.id === '' && !restarted) break;
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
      if (code === 'mic_denied' || code === 'mic_stopped' || (atPress && code !== 'mic_missing')) throw error;
      // Fail soon at a press: if the default device is missing and nothing was restarted, waiting does not help.
      if (atPress && n > 0 && target.deviceId === '' && !restarted) break;
    }
  }
  throw noDevices ? micError('mic_no_devices', failure) : failure;
}
