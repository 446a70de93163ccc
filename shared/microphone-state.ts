import { z } from 'zod';
import { sanitise } from './log-event.ts';

/** Longest name of a microphone, in characters. */
const MAX_LABEL = 200;

const Label = z.string().max(MAX_LABEL);

/**
 * What can be told of a microphone by its track and its sound:
 *
 * - `ok`: sound comes;
 * - `muted`: the system has muted it (the track's `muted`), so that nothing but silence comes;
 * - `stalled`: it is open and delivers no audio at all, as a headset whose source is suspended;
 * - `silent`: what comes is digital silence, or one step of 16 bits;
 * - `noise`: nothing but the noise of its electronics has come since it was opened.
 */
export const MicrophoneStatus = z.enum(['ok', 'muted', 'stalled', 'silent', 'noise']);
export type MicrophoneStatus = z.infer<typeof MicrophoneStatus>;

/** Which microphone is heard, and how, from some moment on. */
export const MicrophoneState = z.object({
  /** As the system names it. */
  label: Label,
  status: MicrophoneStatus,
  /** The name of the chosen microphone, when another one is heard; else null. */
  instead_of: Label.nullable(),
});
export type MicrophoneState = z.infer<typeof MicrophoneState>;

/** A name as the protocol and the recordings take it: one line, not too long. */
export function microphoneLabel(label: string): string {
  return sanitise(label, MAX_LABEL);
}

/** Whether the two say the same. */
export function isSameMicrophoneState(a: MicrophoneState | null, b: MicrophoneState | null): boolean {
  return a?.label === b?.label && a?.status === b?.status && a?.instead_of === b?.instead_of;
}
