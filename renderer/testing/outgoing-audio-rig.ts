import { decodeAudioFrame } from '../../shared/audio-frame.ts';
import type { ClientMessage } from '../../shared/protocol.ts';
import { OutgoingAudio, type Undelivered } from '../voice/outgoing-audio.ts';
import type { AudioSender } from '../voice/session-audio.ts';

/** Bytes buffered in a socket from which on no frame is sent, except at the end of a turn. */
export const KIB_64 = 64 * 1024;

/** Records what is sent. A frame's `sample` is the first of its samples, which identifies it. */
export class FakeAudioSender implements AudioSender {
  bufferedAmount = 0;
  /** Bytes that each frame adds to the socket's buffer. */
  bytesPerFrame = 0;
  readonly frames: Array<{ seq: number; capturedMs: number; sample: number }> = [];
  readonly messages: ClientMessage[] = [];

  send(bytes: Uint8Array<ArrayBuffer>): void {
    const { seq, capturedMs, pcm } = decodeAudioFrame(bytes);
    this.frames.push({ seq, capturedMs, sample: new DataView(pcm.buffer, pcm.byteOffset).getInt16(0, true) });
    this.bufferedAmount += this.bytesPerFrame;
  }

  sendMessage(message: ClientMessage): boolean {
    this.messages.push(message);
    return true;
  }

  get samples(): number[] {
    return this.frames.map((frame) => frame.sample);
  }

  get seqs(): number[] {
    return this.frames.map((frame) => frame.seq);
  }
}

/** The `OutgoingAudio` of microphone 1, a sender for it, and the audio that could not be delivered. */
export function createOutgoingAudio() {
  /** By microphone: the samples, with null for frames that were not captured. */
  const undelivered: Array<{ mic: number; samples: Array<number | null> }> = [];
  const audio = new OutgoingAudio(({ mic, frames }: Undelivered) =>
    undelivered.push({ mic, samples: frames.map((pcm) => pcm?.[0] ?? null) }),
  );
  audio.switchMicrophone(1);
  let nextSample = 0;
  return {
    audio,
    sender: new FakeAudioSender(),
    undelivered,
    /** Captures frames of one sample each, which are numbered consecutively from 0. */
    push(count: number): void {
      for (let i = 0; i < count; i++) audio.push(Int16Array.of(nextSample), 1_000 + 20 * nextSample++);
    },
  };
}

/** Consecutive numbers. */
export const range = (length: number, from = 0): number[] => Array.from({ length }, (_, i) => from + i);
