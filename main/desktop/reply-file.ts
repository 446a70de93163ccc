import { existsSync, rmSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openOwnedFile, readOwnedFileSync, temporaryName } from '../files/owned-files.ts';
import { CommandReply } from './command-messages.ts';

// Electron passes the arguments of a second start to the first one and nothing back. The reply is a file in the
// profile's folder, which both know without telling each other: a request names only 128 random bits. So no request can
// make Earshot write anywhere else, and there is no port or socket that other programs could use.

/** How long (ms) a second start waits for its reply. A starting Earshot replies once it has started. */
export const REPLY_LIMIT_MS = 10_000;
/** The time (ms) between two looks. */
const LOOK_EVERY_MS = 20;
/** The longest reply: the status of all windows takes less than 4 KiB. */
const MAX_REPLY_BYTES = 16_384;
/** Replies of this age (ms) are left over: their reader ended before it read them. */
const LEFT_OVER_MS = 60_000;
const REPLY_FILE = /^reply-[0-9a-f]{32}\.json(?:\.[0-9a-f]{16}\.tmp)?$/;

const pathOf = (dir: string, name: string) => join(dir, `reply-${name}.json`);

/**
 * Writes a reply, readable by the user only. An existing file of that name is replaced, and links are not followed.
 * @throws the system's error
 */
export async function writeReply(dir: string, name: string, reply: CommandReply): Promise<void> {
  const path = pathOf(dir, name);
  const temporary = temporaryName(path);
  try {
    const file = await openOwnedFile(temporary, 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify(reply));
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * Waits for a reply and removes its file. Synchronous, because Electron begins to use the profile, which belongs to the
 * first start, as soon as this process returns to its event loop.
 * @returns null if there is none within the time limit
 * @throws {EarshotError} `file_unsafe` if another user wrote it
 * @throws the system's error, or zod's if it is not a reply
 */
export function waitForReply(dir: string, name: string, limitMs = REPLY_LIMIT_MS, sleep = block): CommandReply | null {
  const path = pathOf(dir, name);
  for (let looksLeft = Math.ceil(limitMs / LOOK_EVERY_MS); looksLeft > 0; looksLeft--) {
    if (existsSync(path)) {
      try {
        return CommandReply.parse(JSON.parse(readOwnedFileSync(path, MAX_REPLY_BYTES)));
      } finally {
        rmSync(path, { force: true });
      }
    }
    sleep(LOOK_EVERY_MS);
  }
  return null;
}

/** Removes replies that nobody has read. Never rejects. */
export async function removeOldReplies(dir: string, now = Date.now()): Promise<void> {
  const names = await readdir(dir).catch((): string[] => []);
  for (const name of names.filter((name) => REPLY_FILE.test(name))) {
    const path = join(dir, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }));
    if (now - mtimeMs > LEFT_OVER_MS) await rm(path, { force: true }).catch(() => undefined);
  }
}

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
