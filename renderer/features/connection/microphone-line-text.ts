import type { MicrophoneState } from '../../../shared/microphone-state.ts';
import { chooseMicrophone, type MicrophoneChoice, type Microphones } from '../../capture/choose-microphone.ts';
import { text } from '../../text/text.ts';

export interface MicrophoneLineText {
  /** The microphone that is in use or will be. */
  name: string;
  /** Says that it replaces the chosen microphone; empty if it is the chosen one. */
  notice: string;
}

/** The text while a microphone is open. */
export function currentText({ label, instead_of }: MicrophoneState): MicrophoneLineText {
  const name = label || text.microphone.unnamedDefault;
  return {
    name: label || text.microphone.systemDefault,
    notice: instead_of === null ? '' : text.microphone.replacementInUse({ chosen: instead_of, name }),
  };
}

/**
 * The text before the press.
 * @returns null if the microphone is unknown: the browser hides all names until the user has allowed the microphone
 *   once
 */
export function expectedText(choice: MicrophoneChoice, microphones: Microphones | null): MicrophoneLineText | null {
  if (!microphones?.readable || microphones.devices.length === 0) return null;
  const { label, insteadOf } = chooseMicrophone(choice, microphones);
  const name = label || text.microphone.unnamedDefault;
  return {
    name: label || text.microphone.systemDefault,
    notice: insteadOf === '' ? '' : text.microphone.replacementWillBeUsed({ chosen: insteadOf, name }),
  };
}
