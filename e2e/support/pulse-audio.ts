import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { constants as platformConstants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';

/** The sound server says that it stands within a second. */
const START_TIMEOUT_MS = 10_000;
/** It answers, and ends, within milliseconds; one that hangs must not hold up the test, whose own timeout can't end a call. */
const COMMAND_TIMEOUT_MS = 5_000;
/** The rate of every source, in Hz. */
export const PULSE_RATE = 48_000;
/**
 * How far ahead (ms) a microphone's sound is rendered. A null sink renders up to 2 s at once, and whoever joins waits for its next
 * time: a real microphone delivers every few milliseconds.
 */
const PLAY_LATENCY_MS = 100;
/** A source with a clock of its own is written to so often (ms). */
const DRIFT_TICK_MS = 5;

/** What a microphone hears: the value, -1..1, of a sample counted from its beginning, on each channel. */
export type Waveform = (sample: number) => readonly number[];

/**
 * A sound server of the test's own, with real, named microphones for Chromium and Electron: they can be muted, suspended, plugged
 * in and out, and drift. Nothing of it is shared with the person's own.
 */
export interface PulseAudio {
  /** For the browser or the app that is to have these microphones. */
  readonly env: NodeJS.ProcessEnv;
  /** Plugs a microphone in. @param name as the system shows it, letters and `_` */
  plugIn(name: string, options?: { channels?: number }): PulseMicrophone;
  /**
   * Plugs one in that has a clock of its own and hears from now on.
   * @param ppm how much faster than this machine's it runs, in millionths
   */
  plugInDrifting(name: string, ppm: number, waveform: Waveform): PulseMicrophone;
  /** The one that the system uses where none is chosen. */
  setDefault(microphone: PulseMicrophone): void;
  /** Kills the server, as a crash does. Every microphone is gone. */
  kill(): Promise<void>;
  /** Starts it again behind the same address, without microphones. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface PulseMicrophone {
  readonly name: string;
  /** Plays so many seconds into it, in real time, in the place of what it hears; silence follows. */
  play(waveform: Waveform, seconds: number): void;
  mute(muted: boolean): void;
  /** Suspended it is there and delivers nothing at all, as a headset that is being connected. */
  suspend(suspended: boolean): void;
  unplug(): void;
}

/** Why there can't be one, or null. */
export function pulseAudioMissing(): string | null {
  if (process.platform !== 'linux') return 'PulseAudio is for Linux';
  const missing = ['pulseaudio', 'pactl', 'pacat'].filter((program) => !isOnPath(program));
  return missing.length === 0 ? null : `not on this machine: ${missing.join(', ')}`;
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)));
}

/** Starts a sound server without any device. */
export async function startPulseAudio(): Promise<PulseAudio> {
  const server = new Server();
  try {
    await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

class Server implements PulseAudio {
  readonly #dir = mkdtempSync(join(tmpdir(), 'earshot-pulse-'));
  readonly #socket = join(this.#dir, 'native');
  readonly env: NodeJS.ProcessEnv = { PULSE_SERVER: `unix:${this.#socket}` };
  readonly #env: NodeJS.ProcessEnv = {
    ...process.env,
    ...this.env,
    PULSE_RUNTIME_PATH: this.#dir,
    PULSE_STATE_PATH: this.#dir,
    XDG_CONFIG_HOME: this.#dir,
    HOME: this.#dir,
  };
  readonly #microphones = new Set<Source>();
  #daemon: ChildProcess | null = null;

  async start(): Promise<void> {
    rmSync(this.#socket, { force: true });
    const daemon = spawn(
      'pulseaudio',
      [
        ...[
          '-n',
          '--daemonize=no',
          '--exit-idle-time=-1',
          '--use-pid-file=no',
          '--disable-shm=yes',
          '--log-level=error',
        ],
        // Where sounds go that nobody hears, so that an output device is there.
        ...['-L', 'module-null-sink sink_name=speaker'],
        ...['-L', `module-native-protocol-unix socket=${this.#socket} auth-anonymous=1`],
      ],
      { env: this.#env, stdio: 'ignore' },
    );
    this.#daemon = daemon;
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!this.#isReady()) {
      if (daemon.exitCode !== null) throw new Error(`pulseaudio ended with ${daemon.exitCode}`);
      if (Date.now() > deadline) throw new Error('pulseaudio does not answer');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  plugIn(name: string, { channels = 2 } = {}): PulseMicrophone {
    return this.#add(new Source(name, this.#remapped(name, channels), channels, this));
  }

  plugInDrifting(name: string, ppm: number, waveform: Waveform): PulseMicrophone {
    const [channels, pipe] = [waveform(0).length, join(this.#dir, `${name}.pipe`)];
    const inner = [`source_name=${name}`, `file=${pipe}`, `rate=${PULSE_RATE}`, 'format=s16le', `channels=${channels}`];
    const module = this.pactl('load-module', 'module-pipe-source', ...inner, deviceDescription('source', name));
    const source = new Source(name, [module], channels, this);
    source.startFeeding(pipe, ppm, waveform);
    return this.#add(source);
  }

  setDefault({ name }: PulseMicrophone): void {
    this.pactl('set-default-source', name);
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    rmSync(this.#dir, { recursive: true, force: true });
  }

  pactl(...args: string[]): string {
    return execFileSync('pactl', args, {
      env: this.#env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: COMMAND_TIMEOUT_MS,
    }).trim();
  }

  /** Plays raw PCM16 at `PULSE_RATE` into a sink. */
  play(sink: string, channels: number): ChildProcess {
    const format = ['--raw', '--format=s16le', `--rate=${PULSE_RATE}`, `--channels=${channels}`];
    const player = spawn('pacat', ['--playback', `--device=${sink}`, `--latency-msec=${PLAY_LATENCY_MS}`, ...format], {
      env: this.#env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    try {
      // Where it is allowed: a real microphone does not wait for a busy machine.
      setPriority(player.pid ?? 0, platformConstants.priority.PRIORITY_HIGHEST);
    } catch {
      // Another user than root: at the same priority as all.
    }
    return player;
  }

  remove(source: Source): void {
    this.#microphones.delete(source);
  }

  /** A sink that is played into, and its other end as a microphone: browsers leave monitors out of their list. */
  #remapped(name: string, channels: number): string[] {
    const shape = [`rate=${PULSE_RATE}`, `channels=${channels}`];
    const sink = this.pactl('load-module', 'module-null-sink', `sink_name=${name}_in`, ...shape);
    const master = [`source_name=${name}`, `master=${name}_in.monitor`, `channels=${channels}`];
    return [this.pactl('load-module', 'module-remap-source', ...master, deviceDescription('source', name)), sink];
  }

  #add(source: Source): PulseMicrophone {
    this.#microphones.add(source);
    return source;
  }

  #isReady(): boolean {
    try {
      this.pactl('info');
      return true;
    } catch {
      return false;
    }
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    for (const source of this.#microphones) source.stopPlaying();
    this.#microphones.clear();
    const daemon = this.#daemon;
    this.#daemon = null;
    if (daemon === null || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const gone = once(daemon, 'exit');
    daemon.kill(signal);
    const hangs = setTimeout(() => daemon.kill('SIGKILL'), COMMAND_TIMEOUT_MS);
    await gone;
    clearTimeout(hangs);
  }
}

class Source implements PulseMicrophone {
  readonly name: string;
  readonly #modules: readonly string[];
  readonly #channels: number;
  readonly #server: Server;
  #player: ChildProcess | null = null;
  #feedTimer: ReturnType<typeof setInterval> | undefined;
  #pipe: number | null = null;

  constructor(name: string, modules: readonly string[], channels: number, server: Server) {
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

  /** Nothing is played into it any more. */
  stopPlaying(): void {
    this.#player?.kill();
    clearInterval(this.#feedTimer);
    if (this.#pipe !== null) closeSync(this.#pipe);
    this.#pipe = null;
  }

  /** Writes at the pace of a clock of its own. A pipe that is full, because nobody reads the source, takes nothing. */
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

/** The property by which PulseAudio names a device to a person. */
function deviceDescription(kind: 'source', name: string): string {
  return `${kind}_properties=device.description=${name}`;
}

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
