import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export const CHECKSUMS_FILE = 'SHA256SUMS';

/** Lines for `sha256sum --check`: the hash in hex, two spaces, the name; sorted by name. */
export function checksumLines(hashes: ReadonlyMap<string, string>): string {
  const names = [...hashes.keys()].sort((a, b) => (a < b ? -1 : 1));
  return names.map((name) => `${hashes.get(name)}  ${name}\n`).join('');
}

/** SHA-256 of every file in a folder, in hex, by name, except for SHA256SUMS. */
export async function hashFolder(folder: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile() || entry.name === CHECKSUMS_FILE) continue;
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(folder, entry.name)), hash);
    hashes.set(entry.name, hash.digest('hex'));
  }
  return hashes;
}
