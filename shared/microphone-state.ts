import { z } from 'zod';
import { sanitise } from './sanitise.ts';

/** Maximum length of a microphone's name, in characters. */
const MAX_LABEL = 200;

const Label = z.string().max(MAX_LABEL);

/**
 * State of a microphone, derived from its track and its audio:
 *
 * - `ok`: it delivers sound;
 * - `muted`: the system has muted it (the track's `muted`), so it delivers only silence;
 * - `muted_in_app`: the user has muted it in Earshot, so silence is recorded in place of its sound;
 * - `stalled`: it is open but delivers no audio at all, for example a headset whose source is suspended;
 * - `silent`: it delivers digital silence, or at most one 16-bit step of noise;
 * - `noise`: it delivers only electronic noise.
 */
export const MicrophoneStatus = z.enum(['ok', 'muted', 'muted_in_app', 'stalled', 'silent', 'noise']);
export type MicrophoneStatus = z.infer<typeof MicrophoneStatus>;

/** The microphone in use and its status. */
export const MicrophoneState = z.object({
  /** The system's name for it. */
  label: Label,
  status: MicrophoneStatus,
  /** Name of the chosen microphone if another one is used; otherwise null. */
  instead_of: Label.nullable(),
});
export type MicrophoneState = z.infer<typeof MicrophoneState>;

/** Makes a name valid for the protocol and recordings: one line of limited length. */
export function microphoneLabel(label: string): string {
  return sanitise(label, MAX_LABEL);
}

/** Whether the two states are equal. */
export function isSameMicrophoneState(a: MicrophoneState | null, b: MicrophoneState | null): boolean {
  return a?.label === b?.label && a?.status === b?.status && a?.instead_of === b?.instead_of;
}
