import { FRAME_BYTES, FRAME_SAMPLES } from '../../shared/audio-format.ts';

const TAG_BYTES = 4;

/**
 * Returns 20 ms of noise that is unique to a number. The first two samples contain the number, which seeds the others.
 * @param number from 0 to 2³² - 2
 */
export function taggedFrame(number: number): Int16Array<ArrayBuffer> {
  const pcm = new Int16Array(FRAME_SAMPLES);
  const view = new DataView(pcm.buffer);
  // Starts at 1, because a frame of zeros is a gap in a recording.
  view.setUint32(0, number + 1, true);
  let state = number + 1;
  for (let at = TAG_BYTES; at < FRAME_BYTES; at += 2) {
    // xorshift32 (Marsaglia 2003), which never yields 0 from a seed other than 0.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    view.setInt16(at, (state << 16) >> 16, true);
  }
  return pcm;
}

/** Reads the number in a frame; -1 for silence. */
export function numberOf(frame: Uint8Array): number {
  return new DataView(frame.buffer, frame.byteOffset, TAG_BYTES).getUint32(0, true) - 1;
}

export interface FoundFrames {
  /** In order, without silent and damaged frames. */
  numbers: number[];
  /** Number of frames with only zeros. */
  silent: number;
  /** Number of frames that differ from the frame sent with their number, and of incomplete frames at the end. */
  damaged: number;
}

/** Splits PCM into frames and compares every byte with the frame that was sent. */
export function findFrames(pcm: Uint8Array): FoundFrames {
  const found: FoundFrames = { numbers: [], silent: 0, damaged: 0 };
  for (let at = 0; at < pcm.byteLength; at += FRAME_BYTES) {
    const frame = Buffer.from(pcm.buffer, pcm.byteOffset + at, Math.min(FRAME_BYTES, pcm.byteLength - at));
    if (frame.byteLength < FRAME_BYTES) found.damaged += 1;
    else if (frame.every((byte) => byte === 0)) found.silent += 1;
    else if (frame.equals(new Uint8Array(taggedFrame(numberOf(frame)).buffer))) found.numbers.push(numberOf(frame));
    else found.damaged += 1;
  }
  return found;
}
