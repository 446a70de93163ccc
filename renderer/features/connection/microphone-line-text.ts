import type { MicrophoneState } from '../../../shared/microphone-state.ts';
import { chooseMicrophone, type MicrophoneChoice, type Microphones } from '../../capture/choose-microphone.ts';
import { capital } from '../../ui/format.ts';

export interface MicrophoneLineText {
  /** Which microphone is heard, or will be. */
  name: string;
  /** Said where that is not the chosen one; empty: it is. */
  notice: string;
}

const SYSTEM_DEFAULT = 'System default microphone';

/** Said where the chosen microphone is not the one that is heard. */
function insteadWords(insteadOf: string, label: string, before: boolean): string {
  const name = label || 'the system’s default microphone';
  return `${insteadOf} is not connected. ${before ? `${capital(name)} will be used.` : `Listening with ${name}.`}`;
}

/** While a microphone is open. */
export function heardText({ label, instead_of }: MicrophoneState): MicrophoneLineText {
  return { name: label || SYSTEM_DEFAULT, notice: instead_of === null ? '' : insteadWords(instead_of, label, false) };
}

/**
 * Before the press.
 * @returns null where it can't be known: before the microphone was allowed for the first time the browser hides all names
 */
export function expectedText(choice: MicrophoneChoice, microphones: Microphones | null): MicrophoneLineText | null {
  if (!microphones?.readable || microphones.devices.length === 0) return null;
  const { label, insteadOf } = chooseMicrophone(choice, microphones);
  return { name: label || SYSTEM_DEFAULT, notice: insteadOf === '' ? '' : insteadWords(insteadOf, label, true) };
}
