import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Integrity = z.object({ algorithm: z.string(), hash: z.string() });
const FileEntry = z.object({ size: z.int(), offset: z.string(), integrity: Integrity.optional() });
type FileEntry = z.infer<typeof FileEntry>;
interface Folder {
  files: Record<string, FileEntry | Folder>;
}
const Folder: z.ZodType<Folder> = z.lazy(() => z.object({ files: z.record(z.string(), z.union([Folder, FileEntry])) }));

/** The contents of an asar archive. */
export interface Asar {
  /** The files by their path in the archive, separated by `/`. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** SHA-256 of the header's text, in hex. Electron checks it when it starts. */
  readonly headerHash: string;
  /** Files whose SHA-256 in the header is missing or wrong. */
  readonly unprotected: readonly string[];
  readonly bytes: number;
}

/**
 * Reads an archive in Electron's asar format: two Chromium pickles (the header's length; the header as a string with
 * its length), then the contents of the files. All numbers are u32 LE.
 * @throws {z.ZodError} if the header is invalid, or contains links or unpacked files, which our packages don't have
 */
export function readAsar(path: string): Asar {
  const archive = readFileSync(path);
  const headerBytes = archive.readUInt32LE(4);
  const header = archive.subarray(16, 16 + archive.readUInt32LE(12)).toString();
  const start = 8 + headerBytes;
  const files = new Map<string, Buffer>();
  const unprotected: string[] = [];
  const walk = (folder: Folder, prefix: string) => {
    for (const [name, entry] of Object.entries(folder.files)) {
      const inside = `${prefix}${name}`;
      if ('files' in entry) {
        walk(entry, `${inside}/`);
        continue;
      }
      const from = start + Number(entry.offset);
      const content = archive.subarray(from, from + entry.size);
      files.set(inside, content);
      if (entry.integrity?.algorithm !== 'SHA256' || entry.integrity.hash !== sha256(content)) unprotected.push(inside);
    }
  };
  walk(Folder.parse(JSON.parse(header)), '');
  return { files, headerHash: sha256(header), unprotected, bytes: archive.length };
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
