import { randomBytes } from 'node:crypto';
import { link, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { isPageName, LABEL_BYTES, nameOf } from '../../shared/page-name.ts';
import { readOwnFile, replaceFileSync, temporaryName } from '../files/own-files.ts';

/** In the data folder; only the user may read it. */
const FILE = 'page-name';
const FILE_MODE = 0o600;
/** A name and a line feed are 43. */
const MAX_BYTES = 256;

/** A part of a name that nobody can guess: 128 random bits. */
export function randomLabel(): string {
  return randomBytes(LABEL_BYTES).toString('hex');
}

/** By which name the page of an installation is reached. */
export interface PageName {
  /** `<32 hexadecimal digits>.localhost` */
  name: string;
  /** Why it is another one than before, or will be the next time. */
  problem: EarshotError | null;
}

/**
 * The name that the page of this data folder has at every start: it is made at the first one and kept in `page-name`. A browser
 * keeps its permission for the microphone and the ids of devices by it. A file that is not ours or holds no name is
 * replaced, and what it links to is left alone. Never rejects.
 * @param dir that has been prepared (`prepareDataFolder`)
 */
export async function keptPageName(dir: string): Promise<PageName> {
  const path = join(dir, FILE);
  const found = await readName(path);
  if (typeof found === 'string') return { name: found, problem: null };
  const name = nameOf(randomLabel());
  const text = `${name}\n`;
  try {
    if (found === null) {
      // Two first starts at once: the one that comes later takes the other's.
      if (await placeNew(path, text)) return { name, problem: null };
      const theirs = await readName(path);
      if (typeof theirs === 'string') return { name: theirs, problem: null };
    }
    replaceFileSync(path, text, FILE_MODE);
  } catch (cause) {
    return { name, problem: notKept(path, cause) };
  }
  return { name, problem: renewed(path, found) };
}

/** @returns null where there is none yet; the error where the file can't be used */
async function readName(path: string): Promise<string | EarshotError | null> {
  try {
    const name = (await readOwnFile(path, MAX_BYTES)).trimEnd();
    return isPageName(name) ? name : new EarshotError('page_name_unreadable', `There is no name in ${path}.`);
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 'ENOENT') return null;
    if (cause instanceof EarshotError) return cause;
    return new EarshotError('page_name_unreadable', `${path} can't be read: ${describeError(cause)}`, { cause });
  }
}

/** Puts a new file in place in one step. @returns false where there is one already */
async function placeNew(path: string, text: string): Promise<boolean> {
  const temporary = temporaryName(path);
  try {
    await writeFile(temporary, text, { mode: FILE_MODE, flag: 'wx' });
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

const AFTERWARDS =
  'The browser asks for the microphone again, and tabs and bookmarks of former starts do not find the page.';

function renewed(path: string, why: EarshotError | null): EarshotError {
  return new EarshotError(
    'page_name_renewed',
    `The page has a new name. ${AFTERWARDS} ${why?.message ?? `Another program wrote ${path}.`}`,
  );
}

function notKept(path: string, cause: unknown): EarshotError {
  return new EarshotError(
    'page_name_not_kept',
    `The name of the page can't be kept in ${path} and is another one at the next start. ${AFTERWARDS}`,
    { cause },
  );
}
