import { FRAME_BYTES, FRAME_SAMPLES } from '../shared/audio-format.ts';
import { SeededRandom } from '../testing/seeded-random.ts';

/** Number of samples in a frame's tag: voice, low half and high half of the position. */
export const TAG_SAMPLES = 3;

/** Noise that all voices share. Frames are slices of it, because generating each sample would take most of a turn. */
const NOISE = noise(1 << 16);

function noise(samples: number): Int16Array {
  const rng = new SeededRandom(1);
  return Int16Array.from({ length: samples }, () => rng.int(-32_768, 32_767));
}

/**
 * Returns one frame of noise, tagged with its voice and position to detect lost, duplicate and misplaced frames.
 * Frames of two voices always differ.
 * @param voice 1 to 32767
 * @param samples number of samples, up to 320 and at least `TAG_SAMPLES`
 */
export function taggedFrame(voice: number, position: number, samples = FRAME_SAMPLES): Int16Array {
  const from = (Math.imul(position, 997) + Math.imul(voice, 7919)) & 0xffff;
  const start = from % (NOISE.length - FRAME_SAMPLES);
  const frame = NOISE.slice(start, start + FRAME_SAMPLES);
  frame[0] = voice;
  frame[1] = position & 0x7fff;
  frame[2] = position >> 15;
  return frame.subarray(0, samples);
}

export interface RecordedAudio {
  /** Whether the recording equals the audio sent, byte for byte. */
  exact: boolean;
  /** Number of missing, duplicate and out-of-order frames. */
  lost: number;
  duplicate: number;
  misplaced: number;
  /** Number of frames that were never sent: silence, another voice or a partial frame. */
  neverSent: number;
  /** Index of the first wrong frame, from 0; null if there is none. */
  firstWrong: number | null;
}

/** A range of a voice: whole frames from `from` up to but not including `to`, then `tail` samples of the next frame. */
export interface SpokenAudio {
  voice: number;
  from: number;
  to: number;
  tail: number;
}

/**
 * Compares a recording with the audio sent.
 * @param pcm samples from the file, PCM16 LE
 */
export function compare(pcm: Buffer, { voice, from, to, tail }: SpokenAudio): RecordedAudio {
  const expectedFrame = (position: number): Buffer => {
    const samples = taggedFrame(voice, position, position < to ? FRAME_SAMPLES : tail);
    return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  };
  const end = to + (tail > 0 ? 1 : 0);
  const counts = new Map<number, number>();
  let neverSent = 0;
  let misplaced = 0;
  let latest = -1;
  let firstWrong: number | null = null;
  for (let at = 0; at < pcm.length; at += FRAME_BYTES) {
    const piece = pcm.subarray(at, at + FRAME_BYTES);
    const position = positionOf(piece, voice);
    if (position === null || position < from || position >= end || !expectedFrame(position).equals(piece)) {
      neverSent += 1;
      firstWrong ??= at / FRAME_BYTES;
      continue;
    }
    if (position !== from + at / FRAME_BYTES) firstWrong ??= at / FRAME_BYTES;
    if (position < latest && !counts.has(position)) misplaced += 1;
    latest = Math.max(latest, position);
    counts.set(position, (counts.get(position) ?? 0) + 1);
  }
  const lost = end - from - counts.size;
  const duplicate = [...counts.values()].reduce((sum, times) => sum + times - 1, 0);
  if (lost > 0) firstWrong ??= Math.ceil(pcm.length / FRAME_BYTES);
  return { exact: firstWrong === null, lost, duplicate, misplaced, neverSent, firstWrong };
}

function positionOf(piece: Buffer, voice: number): number | null {
  if (piece.length < TAG_SAMPLES * 2 || piece.readInt16LE(0) !== voice) return null;
  return piece.readInt16LE(2) | (piece.readInt16LE(4) << 15);
}
