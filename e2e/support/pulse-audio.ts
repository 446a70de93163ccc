import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants as platformConstants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingPrograms } from './linux-desktop/programs.ts';
import { PULSE_RATE, type PulseMicrophone, Source, type Waveform } from './pulse-microphone.ts';

/** Time limit (ms) for the sound server to start, which usually takes less than a second. */
const START_TIMEOUT_MS = 10_000;
/** Time limit (ms) of a command, which usually takes milliseconds. A test's timeout can't end a synchronous call. */
const COMMAND_TIMEOUT_MS = 5_000;
/**
 * How far ahead (ms) a microphone's sound is rendered. By default a null sink renders up to 2 s at once, and a new
 * client waits for the next block; a real microphone delivers every few milliseconds.
 */
const PLAY_LATENCY_MS = 100;
/**
 * A private PulseAudio server with named microphones for Chromium and Electron. They can be muted, suspended, plugged
 * in and unplugged, and can drift. It shares nothing with the user's own sound server.
 */
export interface PulseAudio {
  /** The environment that connects a browser or the app to this server. */
  readonly env: NodeJS.ProcessEnv;
  /** Plugs in a microphone. @param name its name in the system; letters and `_` */
  plugIn(name: string, options?: { channels?: number }): PulseMicrophone;
  /**
   * Plugs in a microphone with a separate clock. It starts playing at once.
   * @param ppm how much faster than the machine's clock its clock runs, in parts per million
   */
  plugInDrifting(name: string, ppm: number, waveform: Waveform): PulseMicrophone;
  /** Makes a microphone the system's default. */
  setDefault(microphone: PulseMicrophone): void;
  /** Kills the server as a crash would. All microphones are lost. */
  kill(): Promise<void>;
  /** Starts the server at the same address, without microphones. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The reason to skip a test without PulseAudio, or null. */
export function pulseAudioMissing(): string | null {
  if (process.platform !== 'linux') return 'PulseAudio is for Linux';
  const missing = missingPrograms(['pulseaudio', 'pactl', 'pacat']);
  return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`;
}

/** Starts a sound server without microphones. */
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
  readonly #processEnv: NodeJS.ProcessEnv = {
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
        // The system needs an output device.
        ...['-L', 'module-null-sink sink_name=speaker'],
        ...['-L', `module-native-protocol-unix socket=${this.#socket} auth-anonymous=1`],
      ],
      { env: this.#processEnv, stdio: 'ignore' },
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
    return this.#add(new Source(name, this.#createMicrophone(name, channels), channels, this));
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
      env: this.#processEnv,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: COMMAND_TIMEOUT_MS,
    }).trim();
  }

  /** Plays raw PCM16 at `PULSE_RATE` into a sink. */
  play(sink: string, channels: number): ChildProcess {
    const format = ['--raw', '--format=s16le', `--rate=${PULSE_RATE}`, `--channels=${channels}`];
    const player = spawn('pacat', ['--playback', `--device=${sink}`, `--latency-msec=${PLAY_LATENCY_MS}`, ...format], {
      env: this.#processEnv,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    try {
      // A real microphone is not delayed by a busy machine.
      setPriority(player.pid ?? 0, platformConstants.priority.PRIORITY_HIGHEST);
    } catch {
      // Only root may raise the priority.
    }
    return player;
  }

  remove(source: Source): void {
    this.#microphones.delete(source);
  }

  /** A null sink, and a source remapped from its monitor: browsers do not list monitors. @returns the modules' ids */
  #createMicrophone(name: string, channels: number): string[] {
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

/** The property with the device's name for users. */
function deviceDescription(kind: 'source', name: string): string {
  return `${kind}_properties=device.description=${name}`;
}
