import type { Text } from '../text/en.ts';
import { text } from '../text/text.ts';

/**
 * Everything that can stop a turn. Each problem has a `title` in `text.problems` that says what happened and an `action`
 * that says what to do. The mic button retries after each of them.
 *
 * - `mic_no_devices`: the system reports no audio device at all, not even a loudspeaker. The sound server does not run,
 *   or the browser lost it when it was restarted.
 * - `part_not_loaded`: the window's worker or worklet for the microphone was refused, is missing, or did not arrive.
 * - `other_program`: the program that answered did not know the secret of this launch.
 * - `too_many_cookies`: in a browser tab, the socket's request was refused for its size (431).
 */
export type ProblemCode = keyof Text['problems'];
/** Problems with the microphone or its capture. */
export type MicProblem = Extract<ProblemCode, `mic_${string}` | 'part_not_loaded'>;

/** Whether an error's code is a `MicProblem`. */
export function isMicProblem(code: string): code is MicProblem {
  return Object.hasOwn(text.problems, code) && (code.startsWith('mic_') || code === 'part_not_loaded');
}
