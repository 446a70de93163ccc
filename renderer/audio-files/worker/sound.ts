import type { SoundBlock } from '../worker-messages.ts';

/** An audio file that was opened. */
export interface Sound {
  /** Its length as the file states it; null if the file does not. */
  seconds: number | null;
  /** The sound in order. Read it once. @throws {AudioFileError} `import_damaged`, `import_unreadable`, … */
  blocks(): AsyncGenerator<SoundBlock, void, undefined>;
  /** How much of the file has been read, 0..1. */
  progress(): number;
}

/** A packet of compressed audio. */
export interface Packet {
  data: Uint8Array<ArrayBuffer>;
  /** Length of its sound, in samples per channel at the rate of its config. */
  frames: number;
}

/** Compressed audio, taken out of its file. */
export interface PacketSound {
  config: AudioDecoderConfig;
  packets(): AsyncGenerator<Packet, void, undefined>;
  /** Decoded samples per channel before the sound begins. */
  skip: number;
  /** Samples per channel of the sound, without the skipped ones. Infinity until it is known. */
  length(): number;
  /** Factor for every sample. */
  gain: number;
}
