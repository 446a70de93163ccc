import type { Bridge } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { ImportRefusal, MAX_IMPORT_BYTES, MAX_IMPORT_PIECE_BYTES } from '../../shared/recording-import.ts';
import { noSound, tooLong } from './audio-file-error.ts';

export interface UploadDependencies {
  bridge: Pick<Bridge, 'beginImport' | 'finishImport' | 'cancelImport'>;
  /**
   * Whether the host proves at this moment that it has the page's port. Otherwise no sound is sent there: another
   * program may own the port.
   */
  isHostProven(): Promise<boolean>;
  /** Default: `fetch`. */
  fetch?: typeof fetch;
}

/**
 * Uploads samples to the host, which makes them a recording. Begins with the first full piece, so a file that turns out to
 * hold no audio leaves nothing behind.
 * @throws {AudioFileError} `import_empty`, `import_too_long`; the host's `EarshotError`; any error of the connection.
 *   Nothing is kept then
 */
export async function uploadSamples(
  name: string,
  samples: AsyncIterable<Int16Array<ArrayBuffer>>,
  { bridge, isHostProven, fetch: send = fetch }: UploadDependencies,
  signal: AbortSignal,
): Promise<RecordingInfo> {
  const piece = new Uint8Array(MAX_IMPORT_PIECE_BYTES);
  let filled = 0;
  let uploaded = 0;
  let target: Awaited<ReturnType<typeof bridge.beginImport>> | null = null;

  async function flush(): Promise<void> {
    signal.throwIfAborted();
    if (!(await isHostProven())) throw new Error('the host did not prove that it has the port');
    target ??= await bridge.beginImport({ name });
    const response = await send(`${target.url}/${uploaded}`, {
      method: 'PUT',
      body: piece.slice(0, filled),
      headers: { 'Content-Type': 'application/octet-stream' },
      cache: 'no-store',
      signal,
    });
    if (!response.ok) throw await refusalOf(response);
    uploaded += filled;
    filled = 0;
  }

  try {
    for await (const block of samples) {
      const bytes = new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
      if (uploaded + filled + bytes.length > MAX_IMPORT_BYTES) throw tooLong();
      for (let at = 0; at < bytes.length; ) {
        const part = bytes.subarray(at, at + piece.length - filled);
        piece.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled === piece.length) await flush();
      }
    }
    if (filled > 0) await flush();
    if (target === null) throw noSound();
    signal.throwIfAborted();
    return await bridge.finishImport({ id: (target as { id: string }).id });
  } catch (cause) {
    // If the host is gone, it removes the import by itself.
    if (target !== null) await bridge.cancelImport({ id: (target as { id: string }).id }).catch(() => undefined);
    throw cause;
  }
}

async function refusalOf(response: Response): Promise<Error> {
  const parsed = ImportRefusal.safeParse(await response.json().catch(() => null));
  if (!parsed.success) return new Error(`the host answered ${response.status}`);
  return new EarshotError(parsed.data.code, parsed.data.message);
}
