import { BYTES_PER_SAMPLE, FRAME_BYTES } from './audio-format.ts';
import { EarshotError } from './errors.ts';

/** `u32 LE seq`, `u32 LE captured_ms`, then PCM. */
export const FRAME_HEADER_BYTES = 8;
/** A frame of 20 ms on the wire. */
export const FULL_FRAME_BYTES = FRAME_HEADER_BYTES + FRAME_BYTES;
const MAX_U32 = 0xffff_ffff;

export interface AudioFrame {
  /** Position in the session, from 0, +1 per frame. */
  seq: number;
  /** Capture time, in ms since the session's first frame. */
  capturedMs: number;
  /** 1..320 samples of PCM16 LE as raw bytes: an even number from 2 to 640. A view, not a copy. */
  pcm: Uint8Array;
}

/**
 * Encodes one binary frame.
 * @param pcm 1 to 320 samples of signed 16-bit PCM, mono, 16 kHz
 * @returns header plus samples, 10 to 648 bytes
 * @throws {EarshotError} `bad_audio` if `seq` or the length is out of range
 */
export function encodeAudioFrame(seq: number, capturedMs: number, pcm: Int16Array): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(seq) || seq < 0 || seq > MAX_U32)
    throw new EarshotError('bad_audio', `seq out of range: ${seq}`);
  if (pcm.length < 1 || pcm.byteLength > FRAME_BYTES) {
    throw new EarshotError(
      'bad_audio',
      `a frame holds 1 to ${FRAME_BYTES / BYTES_PER_SAMPLE} samples, not ${pcm.length}`,
    );
  }
  const frame = new Uint8Array(FRAME_HEADER_BYTES + pcm.byteLength);
  const view = new DataView(frame.buffer);
  view.setUint32(0, seq, true);
  view.setUint32(4, Math.min(Math.max(Math.round(capturedMs), 0), MAX_U32), true);
  // All platforms of Electron and Chromium are little-endian, so the memory layout matches the wire format.
  frame.set(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength), FRAME_HEADER_BYTES);
  return frame;
}

/**
 * Decodes one binary frame without copying its samples.
 * @throws {EarshotError} `bad_audio` if the frame is empty, has an odd length or is longer than 20 ms
 */
export function decodeAudioFrame(bytes: Uint8Array): AudioFrame {
  const pcmBytes = bytes.byteLength - FRAME_HEADER_BYTES;
  if (pcmBytes < BYTES_PER_SAMPLE) throw new EarshotError('bad_audio', `frame too short: ${bytes.byteLength} bytes`);
  if (pcmBytes > FRAME_BYTES) throw new EarshotError('bad_audio', `frame too long: ${bytes.byteLength} bytes`);
  if (pcmBytes % BYTES_PER_SAMPLE !== 0) throw new EarshotError('bad_audio', `odd frame: ${bytes.byteLength} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    seq: view.getUint32(0, true),
    capturedMs: view.getUint32(4, true),
    pcm: bytes.subarray(FRAME_HEADER_BYTES),
  };
}
