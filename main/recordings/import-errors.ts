import { describeError, EarshotError } from '../../shared/errors.ts';
import { isFull } from './disk-errors.ts';

/** The errors of an import, each with a sentence for the user. */

export function importBusy(count: number): EarshotError {
  return new EarshotError(
    'import_busy',
    `${count} files are being imported already. Wait until one of them is finished, then import this file again.`,
  );
}

export function noSuchImport(): EarshotError {
  return new EarshotError(
    'no_such_import',
    'The import has ended before the whole file had arrived. Nothing of it was kept. Import the file again.',
  );
}

export function importEmpty(): EarshotError {
  return new EarshotError('import_empty', 'The file contains no sound, so nothing was imported. Choose another file.');
}

export function importTooLong(): EarshotError {
  return new EarshotError(
    'import_too_long',
    'The file is longer than five hours, so nothing was imported. Cut it into shorter parts, then import them.',
  );
}

/** A piece that Earshot's page never sends. @param why for the log */
export function badPiece(why: string): EarshotError {
  return new EarshotError('import_failed', `The file could not be imported (${why}). Import it again.`);
}

/** The disk did not accept the import. */
export function importNotWritten(dir: string, cause: unknown): EarshotError {
  if (cause instanceof EarshotError) return cause;
  return isFull(cause)
    ? new EarshotError(
        'disk_full',
        'The disk is full, so the file was not imported. Free some space, then import it again.',
        { cause },
      )
    : new EarshotError(
        'import_failed',
        `The file could not be imported (${describeError(cause)}). Check the free space and the permissions of the ` +
          `folder ${dir}, then import it again.`,
        { cause },
      );
}
