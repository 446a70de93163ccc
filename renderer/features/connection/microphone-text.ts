import type { MicrophoneState } from '../../../shared/microphone-state.ts';
import { text } from '../../text/text.ts';

/** What is wrong with the microphone, and what to do. */
export interface MicrophoneText {
  title: string;
  detail: string;
}

/** @returns null if there is no microphone or its sound is fine */
export function microphoneText(microphone: MicrophoneState | null): MicrophoneText | null {
  if (microphone === null || microphone.status === 'ok') return null;
  const { title, detail } = text.microphone[microphone.status];
  return { title, detail: detail({ name: microphoneName(microphone) }) };
}

/** The microphone's name in a sentence. On Linux, Chromium names the system's default microphone only `Default`. */
export function microphoneName({ label }: MicrophoneState): string {
  const isUnnamed = label === '' || label === 'Default';
  return isUnnamed ? text.microphone.unnamed : text.microphone.quoted({ name: label });
}
