import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRecordings } from '../../main/recordings/recordings.ts';
import { WAV_HEADER_BYTES } from '../../main/recordings/wav.ts';
import { ConnectionManager } from '../../main/voice/connection-manager.ts';
import { LIMITS, type Limits } from '../../main/voice/limits.ts';
import { createVoiceMetrics } from '../../main/voice/metrics.ts';
import { createVoiceServer, type VoiceServer } from '../../main/voice/server.ts';
import type { Log } from '../../shared/log-event.ts';
import type { RecordingInfo } from '../../shared/recording.ts';

export const TOKEN = 'chaos-token-0123456789abcdefghijklmnopqrstuv';
export const ORIGIN = 'http://127.0.0.1:1';

/** Its windows speak a minute in about half a second, so it takes as much more at once than the app does. */
const FASTER = 400;
const CHAOS_LIMITS: Partial<Limits> = {
  inboundPerSecond: LIMITS.inboundPerSecond * FASTER,
  inboundBurst: LIMITS.inboundBurst * FASTER,
};

/**
 * The host's voice side as `main/host.ts` composes it: the real server, connection manager and recordings on a disk, in a
 * folder of its own.
 */
export class ChaosHost {
  readonly saved: RecordingInfo[] = [];
  readonly problems: string[] = [];
  readonly manager: ConnectionManager;
  readonly metrics = createVoiceMetrics();
  readonly #recordings: ReturnType<typeof createRecordings>;
  #server: VoiceServer;

  private constructor(
    private readonly dir: string,
    private readonly log: Log,
  ) {
    this.#recordings = createRecordings({
      dir: join(dir, 'recordings'),
      onSaved: (info) => {
        this.saved.push(info);
        log('RECORDING_SAVED', { session: info.session_id, turn: info.turn, seconds: info.duration_s });
      },
      onProblem: (error) => this.problems.push(error.message),
    });
    this.manager = new ConnectionManager({ sink: this.#recordings, log, metrics: this.metrics, limits: CHAOS_LIMITS });
    this.#server = this.#newServer();
  }

  static async start(log: Log): Promise<ChaosHost> {
    const host = new ChaosHost(await mkdtemp(join(tmpdir(), 'earshot-chaos-')), log);
    await host.#server.start();
    return host;
  }

  get port(): number {
    return this.#server.port ?? 0;
  }

  /** A new voice server in place of the running one, on a port that the system chooses. The sessions stay. */
  async restart(): Promise<void> {
    await this.#server.stop();
    this.#server = this.#newServer();
    await this.#server.start();
  }

  /** The samples of a recording, as they stand in its file. */
  async samples(info: RecordingInfo): Promise<Buffer> {
    return (await readFile(join(this.dir, 'recordings', `${info.id}.wav`))).subarray(WAV_HEADER_BYTES);
  }

  /** Ends every session, finishes the recordings, and removes the folder. */
  async stop(): Promise<void> {
    await this.#server.stop();
    await this.manager.close();
    await this.#recordings.close();
    await rm(this.dir, { recursive: true, force: true });
  }

  #newServer(): VoiceServer {
    const { manager, metrics, log } = this;
    return createVoiceServer({ manager, token: TOKEN, origin: ORIGIN, log, metrics, limits: CHAOS_LIMITS });
  }
}
