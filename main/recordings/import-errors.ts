import { describeError, EarshotError } from '../../shared/errors.ts';
import { HostError } from '../text/host-error.ts';
import { isFull } from './disk-errors.ts';

/** The errors of an import, each with a sentence for the user. */

export function importBusy(count: number): EarshotError {
  return new HostError('import_busy', (errors) => errors.importBusy({ files: count }));
}

export function noSuchImport(): EarshotError {
  return new HostError('no_such_import', (errors) => errors.noSuchImport);
}

export function importEmpty(): EarshotError {
  return new HostError('import_empty', (errors) => errors.importEmpty);
}

export function importTooLong(): EarshotError {
  return new HostError('import_too_long', (errors) => errors.importTooLong);
}

/** A piece that Earshot's page never sends. @param why for the log */
export function badPiece(why: string): EarshotError {
  return new HostError('import_failed', ({ importPiece }) => importPiece({ why }));
}

/** The disk did not accept the import. */
export function importNotWritten(dir: string, cause: unknown): EarshotError {
  if (cause instanceof EarshotError) return cause;
  if (isFull(cause)) return new HostError('disk_full', ({ importFull }) => importFull, { cause });
  const why = describeError(cause);
  return new HostError('import_failed', (errors) => errors.importFailed({ why, dir }), { cause });
}
