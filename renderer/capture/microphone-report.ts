import { isSameMicrophoneState, type MicrophoneState, microphoneLabel } from '../../shared/microphone-state.ts';
import type { TargetDevice } from './choose-microphone.ts';
import type { Microphone } from './microphone.ts';

/** Reports the state of the device in use, under the device's own name, whenever it changes. */
export class MicrophoneReport {
  /** Last state of each open device. */
  readonly #states = new Map<Microphone, MicrophoneState>();
  #reported: MicrophoneState | null = null;
  readonly #onState: (state: MicrophoneState) => void;

  constructor(onState: (state: MicrophoneState) => void) {
    this.#onState = onState;
  }

  set(microphone: Microphone, state: MicrophoneState): void {
    this.#states.set(microphone, state);
  }

  isStalled(microphone: Microphone): boolean {
    return this.#states.get(microphone)?.status === 'stalled';
  }

  /** Reports the state of the device in use that applies from the next frame on, if it has changed. */
  update(active: Microphone | null, device: TargetDevice): void {
    const own = active && this.#states.get(active);
    if (!own) return;
    const { deviceId, label, insteadOf } = device;
    this.#report({
      // The browser's label of the default device ("Default") does not name a microphone.
      label: microphoneLabel(deviceId === '' ? label : own.label),
      status: own.status,
      instead_of: insteadOf === '' ? null : microphoneLabel(insteadOf),
    });
  }

  /** Reports that there is no device: the last state, as `stalled`. */
  updateWithoutDevice(): void {
    if (this.#reported) this.#report({ ...this.#reported, status: 'stalled' });
  }

  #report(state: MicrophoneState): void {
    if (isSameMicrophoneState(state, this.#reported)) return;
    this.#reported = state;
    this.#onState(state);
  }
}
