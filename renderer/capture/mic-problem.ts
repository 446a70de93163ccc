import { EarshotError } from '../../shared/errors.ts';
import { type MicProblem, PROBLEMS } from '../connection/problems.ts';

/** The names of `getUserMedia`'s failures (W3C Media Capture and Streams, section 10.3.1). */
const PROBLEM_OF: Readonly<Record<string, MicProblem>> = {
  NotAllowedError: 'mic_denied',
  SecurityError: 'mic_denied',
  NotFoundError: 'mic_missing',
  // The device that was asked for by its id is not there (any more).
  OverconstrainedError: 'mic_missing',
  NotReadableError: 'mic_busy',
  AbortError: 'mic_busy',
};

/**
 * Why a microphone could not be opened, from what `getUserMedia` threw, and nothing else: other parts of the browser use the same
 * names for other things, as an audio worklet that does not load is an AbortError.
 */
export function micProblem(error: unknown): MicProblem {
  const name = nameOf(error);
  return name !== null && Object.hasOwn(PROBLEM_OF, name) ? (PROBLEM_OF[name] ?? 'mic_failed') : 'mic_failed';
}

/** A microphone's failure as an error whose `code` is the problem and whose sentence says what to do. */
export function micError(problem: MicProblem, cause?: unknown): EarshotError {
  const { title, action } = PROBLEMS[problem];
  return new EarshotError(problem, `${title}. ${action}`, { cause });
}

/** A file of the window that is needed to hear a microphone did not load. */
export function partNotLoaded(cause?: unknown): EarshotError {
  return micError('part_not_loaded', cause);
}

/** No problem of anyone: the microphone was not wanted any more. */
export function micStopped(): EarshotError {
  return new EarshotError('mic_stopped', 'The microphone was stopped before it was open.');
}

/** `DOMException` and `OverconstrainedError` are not always `Error`s, and never the same class across windows. */
function nameOf(error: unknown): string | null {
  const name = typeof error === 'object' && error !== null && 'name' in error ? error.name : null;
  return typeof name === 'string' ? name : null;
}
