import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FRAME_BYTES } from '../shared/audio-format.ts';
import { compare, type SpokenAudio, taggedFrame } from './tagged-audio.ts';

const VOICE = 7;
const FRAMES = 50;
const TAIL = 100;
const SENT: SpokenAudio = { voice: VOICE, from: 0, to: FRAMES, tail: TAIL };

function bytesOf(frame: Int16Array): Buffer {
  return Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
}
function sentFrames(): Buffer[] {
  const frames = Array.from({ length: FRAMES }, (_, position) => bytesOf(taggedFrame(VOICE, position)));
  return [...frames, bytesOf(taggedFrame(VOICE, FRAMES, TAIL))];
}
const compareFrames = (frames: Buffer[]) => compare(Buffer.concat(frames), SENT);

describe('a recording of a tagged voice', () => {
  test('is exact if it equals the audio sent', () => {
    expect(compareFrames(sentFrames())).toEqual({
      exact: true,
      lost: 0,
      duplicate: 0,
      misplaced: 0,
      neverSent: 0,
      firstWrong: null,
    });
  });

  test('shows a lost frame at any position', () => {
    for (let position = 0; position <= FRAMES; position++) {
      const frames = sentFrames().filter((_, i) => i !== position);
      expect(compareFrames(frames)).toMatchObject({ exact: false, lost: 1, duplicate: 0, firstWrong: position });
    }
  });

  test('shows a duplicate frame', () => {
    const frames = sentFrames();
    frames.splice(20, 0, bytesOf(taggedFrame(VOICE, 19)));
    expect(compareFrames(frames)).toMatchObject({ exact: false, lost: 0, duplicate: 1, neverSent: 0, firstWrong: 20 });
  });

  test('shows two frames in the wrong order', () => {
    const frames = sentFrames();
    frames.splice(10, 2, bytesOf(taggedFrame(VOICE, 11)), bytesOf(taggedFrame(VOICE, 10)));
    expect(compareFrames(frames)).toMatchObject({ exact: false, lost: 0, duplicate: 0, misplaced: 1, firstWrong: 10 });
  });

  test('shows silence and frames of another voice', () => {
    const frames = sentFrames();
    frames[3] = Buffer.alloc(FRAME_BYTES);
    frames[9] = bytesOf(taggedFrame(VOICE + 1, 9));
    expect(compareFrames(frames)).toMatchObject({ exact: false, lost: 2, neverSent: 2, firstWrong: 3 });
  });

  test('is not exact if any byte differs', () => {
    const whole = Buffer.concat(sentFrames());
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] ?? 0) ^ change;
        return !compare(changed, SENT).exact;
      }),
    );
  });

  test('encodes positions beyond 32,768 frames', () => {
    const frame = bytesOf(taggedFrame(VOICE, 40_000));
    expect(compare(frame, { voice: VOICE, from: 40_000, to: 40_001, tail: 0 }).exact).toBe(true);
  });

  test('shows frames from before the expected range as never sent', () => {
    const frames = sentFrames().slice(9, FRAMES);
    const part = { voice: VOICE, from: 10, to: FRAMES, tail: 0 };
    expect(compare(Buffer.concat(frames), part)).toMatchObject({ exact: false, lost: 0, neverSent: 1, firstWrong: 0 });
    expect(compare(Buffer.concat(frames.slice(1)), part).exact).toBe(true);
  });
});
