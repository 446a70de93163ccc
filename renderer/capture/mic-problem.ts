import { EarshotError } from '../../shared/errors.ts';
import type { MicProblem } from '../connection/problems.ts';
import { en } from '../text/en.ts';

/** Problems by the error names of `getUserMedia` (W3C Media Capture and Streams, section 10.3.1). */
const PROBLEM_OF: Readonly<Record<string, MicProblem>> = {
  NotAllowedError: 'mic_denied',
  SecurityError: 'mic_denied',
  NotFoundError: 'mic_missing',
  // The requested device id does not exist (any more).
  OverconstrainedError: 'mic_missing',
  NotReadableError: 'mic_busy',
  AbortError: 'mic_busy',
};

/**
 * Maps an error of `getUserMedia` to a problem. Don't use it for other errors, whose names have other meanings: a
 * worklet that does not load is also an AbortError.
 */
export function micProblem(error: unknown): MicProblem {
  const name = nameOf(error);
  return name !== null && Object.hasOwn(PROBLEM_OF, name) ? (PROBLEM_OF[name] ?? 'mic_failed') : 'mic_failed';
}

/** Creates an error whose `code` is the problem. The message, for the log, says what to do. */
export function micError(problem: MicProblem, cause?: unknown): EarshotError {
  const { title, action } = en.problems[problem];
  return new EarshotError(problem, `${title}. ${action}`, { cause });
}

/** The error for a file of the window that is needed for capture and did not load. */
export function partNotLoaded(cause?: unknown): EarshotError {
  return micError('part_not_loaded', cause);
}

/** The error for a microphone that was stopped before it opened. Not shown to the user. */
export function micStopped(): EarshotError {
  return new EarshotError('mic_stopped', 'The microphone was stopped before it was open.');
}

/** `DOMException` and `OverconstrainedError` are not always `Error`s, and never the same class across windows. */
function nameOf(error: unknown): string | null {
  const name = typeof error === 'object' && error !== null && 'name' in error ? error.name : null;
  return typeof name === 'string' ? name : null;
}
