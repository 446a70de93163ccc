import { join } from 'node:path';
import { MAX_NOTE, MAX_TITLE } from '../../../shared/recording.ts';
import type { Description } from '../../../shared/recording-library.ts';
import { HostError } from '../../text/host-error.ts';
import { MAX_JSON_BYTES } from '../default-disk.ts';
import { type Disk, writeAtomically } from '../disk.ts';
import { infoText, parseInfo } from '../list-recordings.ts';
import { changeFailed, recordingDamaged } from './library-errors.ts';

/** Bidi embeddings, overrides and isolates (UAX #9), which can reverse the text that follows, and lone surrogates. */
const UNSAFE = /[\u202a-\u202e\u2066-\u2069\p{Cs}]/gu;

/** One line without control characters, at most `MAX_TITLE` long. Joiners stay, since emoji need them. */
export function cleanTitle(title: string): string {
  const line = title.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(UNSAFE, '');
  return cut(line.trim(), MAX_TITLE).trimEnd();
}

/** Lines that end in `\n`, without other control characters than tabs, at most `MAX_NOTE` long. */
export function cleanNote(note: string): string {
  const lines = note.replace(/\r\n?|[\p{Zl}\p{Zp}]/gu, '\n').replace(/(?![\n\t])\p{Cc}/gu, '');
  return cut(lines.replace(UNSAFE, '').trim(), MAX_NOTE).trimEnd();
}

/**
 * Changes title and note in a recording's JSON. Everything else in it stays, also fields of a later version. The new
 * JSON replaces the old one atomically.
 * @throws {EarshotError} `recording_damaged`, `description_not_written`, `disk_full`, `file_unsafe`
 */
export async function describeRecording(disk: Disk, dir: string, { id, title, note }: Description): Promise<void> {
  const path = join(dir, `${id}.json`);
  try {
    const stored = (await read(disk, `${path}.tmp`, id).catch(() => null)) ?? (await read(disk, path, id));
    if (stored === null) throw recordingDamaged(id);
    const changed = { ...stored };
    if (title !== undefined) setText(changed, 'title', cleanTitle(title));
    if (note !== undefined) setText(changed, 'note', cleanNote(note));
    if (changed.title === stored.title && changed.note === stored.note) return;
    const text = infoText(changed);
    if (Buffer.byteLength(text) > MAX_JSON_BYTES)
      throw new HostError('description_too_long', ({ noteTooLong }) => noteTooLong);
    await writeAtomically(disk, path, text);
  } catch (cause) {
    throw changeFailed('description_not_written', 'described', dir, cause);
  }
}

/** The JSON with all its fields; null if it does not describe this recording. */
async function read(disk: Disk, path: string, id: string): Promise<Record<string, unknown> | null> {
  const text = await disk.readFile(path, 'utf8');
  return parseInfo(text, id) && (JSON.parse(text) as Record<string, unknown>);
}

function setText(json: Record<string, unknown>, name: 'title' | 'note', text: string): void {
  if (text === '') delete json[name];
  else json[name] = text;
}

/** Cuts without splitting a surrogate pair. */
function cut(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, max).replace(/[\ud800-\udbff]$/, '');
}
