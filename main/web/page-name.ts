import { randomBytes } from 'node:crypto';
import { link, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { isPageName, LABEL_BYTES, pageNameOf } from '../../shared/page-name.ts';
import { readOwnedFile, replaceFileSync, temporaryName } from '../files/owned-files.ts';
import { en } from '../text/en.ts';

/** File in the data folder, readable by its owner only. */
const FILE = 'page-name';
const FILE_MODE = 0o600;
/** Limit for the file (bytes). A name and a line feed have 43. */
const MAX_BYTES = 256;

/** A host name label of 128 random bits, which can't be guessed. */
export function randomLabel(): string {
  return randomBytes(LABEL_BYTES).toString('hex');
}

/** The host name of an installation's page. */
export interface PageName {
  /** `<32 hexadecimal digits>.localhost` */
  name: string;
  /** Why the name has changed or could not be saved; null: no problem. */
  problem: EarshotError | null;
}

/**
 * The host name of the page, created at the first start and saved in `page-name`. It stays the same because browsers
 * store the microphone permission and device ids by origin. A file of another user or without a valid name is replaced;
 * the target of a symbolic link is not changed. Never rejects.
 * @param dir the data folder, prepared by `prepareDataFolder`
 */
export async function loadPageName(dir: string): Promise<PageName> {
  const path = join(dir, FILE);
  const saved = await readName(path);
  if (typeof saved === 'string') return { name: saved, problem: null };
  const name = pageNameOf(randomLabel());
  const line = `${name}\n`;
  try {
    if (saved === null) {
      if (await createFile(path, line)) return { name, problem: null };
      // Another instance has created the file in the meantime: use its name.
      const existing = await readName(path);
      if (typeof existing === 'string') return { name: existing, problem: null };
    }
    replaceFileSync(path, line, FILE_MODE);
  } catch (cause) {
    return { name, problem: nameNotSaved(path, cause) };
  }
  return { name, problem: renewed(path, saved) };
}

/** @returns null if there is no file; an error if the file can't be used */
async function readName(path: string): Promise<string | EarshotError | null> {
  try {
    const name = (await readOwnedFile(path, MAX_BYTES)).trimEnd();
    return isPageName(name) ? name : new EarshotError('page_name_unreadable', en.web.pageName.none({ path }));
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 'ENOENT') return null;
    if (cause instanceof EarshotError) return cause;
    return new EarshotError('page_name_unreadable', en.web.pageName.unreadable({ path, error: describeError(cause) }), {
      cause,
    });
  }
}

/** Creates the file atomically. @returns false if it already exists */
async function createFile(path: string, content: string): Promise<boolean> {
  const temporary = temporaryName(path);
  try {
    await writeFile(temporary, content, { mode: FILE_MODE, flag: 'wx' });
    return await link(temporary, path).then(
      () => true,
      async (error: { code?: unknown }) => {
        if (error.code === 'EEXIST') return false;
        // Some file systems have no links.
        await rename(temporary, path);
        return true;
      },
    );
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

function renewed(path: string, why: EarshotError | null): EarshotError {
  return new EarshotError(
    'page_name_renewed',
    en.web.pageName.renewed({ why: why?.message ?? en.web.pageName.writtenByOther({ path }) }),
  );
}

function nameNotSaved(path: string, cause: unknown): EarshotError {
  return new EarshotError('page_name_not_kept', en.web.pageName.notKept({ path }), { cause });
}
