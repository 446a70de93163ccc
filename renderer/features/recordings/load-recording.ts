import type { Bridge } from '../../../shared/bridge.ts';
import { EarshotError } from '../../../shared/errors.ts';

/**
 * Reads a whole recording, chunk by chunk.
 * @returns the WAV file
 * @throws {EarshotError} `recording_cut` when the host stops giving bytes before the end it named, `recording_garbled` when
 *   what it gives is no base64; what the bridge throws
 */
export async function loadRecording(bridge: Pick<Bridge, 'readRecording'>, id: string): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (;;) {
    const { data_base64, total_bytes } = await bridge.readRecording({ id, offset });
    const bytes = decodeBase64(data_base64);
    chunks.push(bytes);
    offset += bytes.byteLength;
    if (offset >= total_bytes) return new Blob(chunks, { type: 'audio/wav' });
    if (bytes.byteLength === 0) {
      throw new EarshotError('recording_cut', `The recording ended at ${offset} of ${total_bytes} bytes. Try again.`);
    }
  }
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  let binary: string;
  try {
    binary = atob(text);
  } catch (cause) {
    throw new EarshotError('recording_garbled', 'The recording did not arrive as it is on disk. Try again.', { cause });
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
