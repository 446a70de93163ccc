import { randomBytes } from 'node:crypto';
import { link, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { isPageName, LABEL_BYTES, nameOf } from '../../shared/page-name.ts';
import { readOwnFile, temporaryName } from '../own-files.ts';

/** In the data folder; only the user may read it. */
const FILE = 'page-name';
const FILE_MODE = 0o600;
/** A name and a line feed are 37. */
const MAX_BYTES = 256;

/** RFC 4648 section 6, in lower case. */
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** A part of a name that nobody can guess: 128 random bits. */
export function randomLabel(bytes: Uint8Array = randomBytes(LABEL_BYTES)): string {
  let bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  bits = bits.padEnd(Math.ceil(bits.length / 5) * 5, '0');
  return (bits.match(/.{5}/g) ?? []).map((five) => BASE32[Number.parseInt(five, 2)]).join('');
}

/** By which name the page of an installation is reached. */
export interface PageName {
  /** `<26 letters and digits>.localhost` */
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
  try {
    if (found === null) {
      // Two first starts at once: the one that comes later takes the other's.
      if (await placeNew(path, name)) return { name, problem: null };
      const theirs = await readName(path);
      if (typeof theirs === 'string') return { name: theirs, problem: null };
    }
    await replace(path, name);
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
async function placeNew(path: string, name: string): Promise<boolean> {
  return inOneStep(path, name, async (temporary) => {
    try {
      await link(temporary, path);
      await unlink(temporary);
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code === 'EEXIST') return false;
      // Some file systems have no links.
      await rename(temporary, path);
      return true;
    }
  });
}

/** A link in its place is replaced, and not followed. */
async function replace(path: string, name: string): Promise<void> {
  await inOneStep(path, name, (temporary) => rename(temporary, path));
}

async function inOneStep<T>(path: string, name: string, put: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = temporaryName(path);
  try {
    await writeFile(temporary, `${name}\n`, { mode: FILE_MODE, flag: 'wx' });
    return await put(temporary);
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
