import { describeError, EarshotError } from '../../../shared/errors.ts';
import type { Text } from '../../text/en.ts';
import { HostError } from '../../text/host-error.ts';
import { errorCode } from '../disk.ts';
import { isFull } from '../disk-errors.ts';

type Errors = Text['errors'];

/**
 * The error of a failed change.
 * @param code the code, unless the disk is full (`disk_full`) or the cause is an `EarshotError`, which passes through
 * @param name says what was not changed: an entry of `errors.changes`
 * @param dir the folder to check
 */
export function changeFailed(code: string, name: keyof Errors['changes'], dir: string, cause: unknown): EarshotError {
  if (cause instanceof EarshotError) return cause;
  if (isFull(cause))
    return new HostError('disk_full', ({ changeFull, changes }) => changeFull({ change: changes[name] }), { cause });
  const reason = reasonOf(dir, cause);
  return new HostError(
    code,
    (errors) => errors.changeFailed({ reason: reason(errors.reasons), change: errors.changes[name] }),
    { cause },
  );
}

function reasonOf(dir: string, cause: unknown): (reasons: Errors['reasons']) => string {
  const code = errorCode(cause);
  if (code === 'ETIMEDOUT') return ({ noAnswer }) => noAnswer;
  if (code === 'EACCES' || code === 'EPERM') return ({ notAllowed }) => notAllowed({ dir });
  if (code === 'EROFS') return ({ readOnly }) => readOnly({ dir });
  const why = describeError(cause);
  return ({ other }) => other({ why, dir });
}

/** The error for a change of a recording that is not finished. */
export function recordingInProgress(): EarshotError {
  return new HostError('recording_in_progress', (errors) => errors.recordingInProgress);
}

/** The error for a recording whose JSON can't be parsed. */
export function recordingDamaged(id: string): EarshotError {
  return new HostError('recording_damaged', (errors) => errors.recordingDamaged({ id }));
}
