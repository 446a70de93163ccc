import type { ChildProcess } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';

/** The sample rate of every source, in Hz. */
export const PULSE_RATE = 48_000;
/** Interval (ms) at which a source with a separate clock gets its samples. */
const DRIFT_TICK_MS = 5;

/** The sound of a microphone: maps the index of a sample to its values, -1..1, one for each channel. */
export type Waveform = (sample: number) => readonly number[];

export interface PulseMicrophone {
  readonly name: string;
  /** Plays this many seconds in real time instead of the current sound; silence follows. */
  play(waveform: Waveform, seconds: number): void;
  mute(muted: boolean): void;
  /** A suspended microphone stays listed but delivers nothing, like a headset that is still connecting. */
  suspend(suspended: boolean): void;
  unplug(): void;
}

/** The parts of the sound server that a source uses. */
interface SourceServer {
  /** Runs `pactl`. @returns its stdout */
  pactl(...args: string[]): string;
  /** Starts a player of raw PCM16 at `PULSE_RATE`, which reads stdin. */
  play(sink: string, channels: number): ChildProcess;
  remove(source: Source): void;
}

/** A source of the sound server. */
export class Source implements PulseMicrophone {
  readonly name: string;
  readonly #modules: readonly string[];
  readonly #channels: number;
  readonly #server: SourceServer;
  #player: ChildProcess | null = null;
  #feedTimer: ReturnType<typeof setInterval> | undefined;
  #pipe: number | null = null;

  constructor(name: string, modules: readonly string[], channels: number, server: SourceServer) {
    this.name = name;
    this.#modules = modules;
    this.#channels = channels;
    this.#server = server;
  }

  play(waveform: Waveform, seconds: number): void {
    this.#player?.kill();
    const player = this.#server.play(`${this.name}_in`, this.#channels);
    player.stdin?.on('error', () => undefined);
    player.stdin?.end(pcm16(waveform, 0, Math.round(seconds * PULSE_RATE)));
    this.#player = player;
  }

  mute(muted: boolean): void {
    this.#server.pactl('set-source-mute', this.name, muted ? '1' : '0');
  }

  suspend(suspended: boolean): void {
    this.#server.pactl('suspend-source', this.name, suspended ? '1' : '0');
  }

  unplug(): void {
    this.stopPlaying();
    for (const module of this.#modules) this.#server.pactl('unload-module', module);
    this.#server.remove(this);
  }

  /** Stops the player and closes the pipe. */
  stopPlaying(): void {
    this.#player?.kill();
    clearInterval(this.#feedTimer);
    if (this.#pipe !== null) closeSync(this.#pipe);
    this.#pipe = null;
  }

  /**
   * Writes samples at the rate of the source's own clock. Drops them if the pipe is full because no client reads it.
   */
  startFeeding(pipe: string, ppm: number, waveform: Waveform): void {
    const file = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    this.#pipe = file;
    const began = performance.now();
    let written = 0;
    this.#feedTimer = setInterval(() => {
      const due = Math.floor(((performance.now() - began) / 1_000) * PULSE_RATE * (1 + ppm / 1e6));
      try {
        const bytes = pcm16(waveform, written, due - written);
        written += writeSync(file, bytes) / (2 * this.#channels);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        written = due;
      }
    }, DRIFT_TICK_MS);
  }
}

/** Converts samples to PCM16, with the channels interleaved. */
function pcm16(waveform: Waveform, from: number, count: number): Buffer {
  const channels = waveform(0).length;
  const bytes = Buffer.alloc(count * channels * 2);
  for (let i = 0; i < count; i++) {
    waveform(from + i).forEach((value, channel) => {
      const step = Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));
      bytes.writeInt16LE(step, (i * channels + channel) * 2);
    });
  }
  return bytes;
}
