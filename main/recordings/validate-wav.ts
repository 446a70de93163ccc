import { type DiskFile, readFully } from './disk.ts';

/** A file with more chunks than this counts as invalid. */
const MAX_CHUNKS = 100;
/** Format tags: Multiple Channel Audio Data and WAVE Files (Microsoft, 2007). */
const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

/**
 * Whether a file is a complete WAV file: its RIFF chunk ends where the file ends and is filled by chunks that include a
 * format and data. If its header is not one that Earshot writes, another program made it, such as a sound editor that
 * saved over a recording.
 * @param size size of the file in bytes
 */
export async function isCompleteWav(file: DiskFile, size: number): Promise<boolean> {
  const riff = await view(file, 0, 12);
  if (riff === null || name(riff, 0) !== 'RIFF' || name(riff, 8) !== 'WAVE') return false;
  if (8 + riff.getUint32(4, true) !== size) return false;
  let hasFormat = false;
  let hasData = false;
  let at = 12;
  for (let chunks = 0; at < size; chunks++) {
    const head = chunks < MAX_CHUNKS ? await view(file, at, 8) : null;
    if (head === null) return false;
    const length = head.getUint32(4, true);
    const end = at + 8 + length;
    if (end > size) return false;
    if (name(head, 0) === 'fmt ') hasFormat = isFormat(await view(file, at + 8, 16), length);
    if (name(head, 0) === 'data') hasData = hasFormat;
    // Chunks start at even offsets.
    at = end + (length % 2);
  }
  return hasData;
}

/** Whether the fields of a `fmt ` chunk are consistent. */
function isFormat(format: DataView | null, length: number): boolean {
  if (format === null || length < 16) return false;
  const [tag, channels, bits] = [0, 2, 14].map((at) => format.getUint16(at, true)) as [number, number, number];
  const rate = format.getUint32(4, true);
  const block = format.getUint16(12, true);
  const known = tag === PCM || (tag === FLOAT && bits >= 32) || (tag === EXTENSIBLE && length >= 40);
  return (
    known && rate > 0 && block > 0 && block === channels * (bits / 8) && format.getUint32(8, true) === rate * block
  );
}

async function view(file: DiskFile, at: number, length: number): Promise<DataView | null> {
  const bytes = new Uint8Array(length);
  return (await readFully(file, bytes, at)) === length ? new DataView(bytes.buffer) : null;
}

function name(bytes: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => bytes.getUint8(at + i)));
}
