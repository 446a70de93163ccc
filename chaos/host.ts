import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLaunchProofs } from '../main/guard/launch-proofs.ts';
import { type HealthService, startHealth } from '../main/health/health.ts';
import { createRecordings } from '../main/recordings/recordings.ts';
import { ConnectionManager } from '../main/voice/connection-manager.ts';
import { LIMITS, type Limits } from '../main/voice/limits.ts';
import { createVoiceServer, type VoiceServer } from '../main/voice/server.ts';
import type { Log } from '../shared/log-event.ts';
import type { RecordingInfo } from '../shared/recording.ts';
import { WAV_HEADER_BYTES } from '../shared/wav-header.ts';

export const TOKEN = 'chaos-token-0123456789abcdefghijklmnopqrstuv';
export const METRICS_TOKEN = createLaunchProofs(TOKEN).metricsToken;
export const ORIGIN = 'http://127.0.0.1:1';

/** Factor by which rate limits are raised, because test windows send a minute of audio in about half a second. */
const RATE_FACTOR = 400;
const FAST_LIMITS: Partial<Limits> = {
  inboundPerSecond: LIMITS.inboundPerSecond * RATE_FACTOR,
  inboundBurst: LIMITS.inboundBurst * RATE_FACTOR,
};

/**
 * The voice server, connection manager, health and recordings as `main/host/host.ts` composes them. The recordings are
 * in a temporary folder.
 */
export class ChaosHost {
  /** Saved recordings that have not been deleted. */
  saved: RecordingInfo[] = [];
  readonly problems: string[] = [];
  readonly manager: ConnectionManager;
  readonly health: HealthService;
  /** Number of times the voice server was replaced. */
  restarts = 0;
  /** Number of times that a server has stopped or started, the first start excluded. */
  serverChanges = 0;
  readonly #recordings: ReturnType<typeof createRecordings>;
  readonly #logs = new Set<Log>();
  readonly #portListeners = new Set<() => void>();
  readonly #limits: Partial<Limits>;
  #server: VoiceServer;

  private constructor(
    readonly dir: string,
    limits: Partial<Limits>,
  ) {
    this.#limits = limits;
    this.#recordings = createRecordings({
      dir: join(dir, 'recordings'),
      onSaved: (info) => {
        this.saved.push(info);
        this.#log('RECORDING_SAVED', { session: info.session_id, turn: info.turn, seconds: info.duration_s });
      },
      onProblem: (error) => this.problems.push(error.message),
    });
    const log = this.#log;
    this.health = startHealth({
      log,
      notify: () => undefined,
      activeTurns: { onChange: () => () => undefined },
    });
    this.manager = new ConnectionManager({ sink: this.#recordings, log, metrics: this.health.metrics, limits });
    this.#server = this.#newServer();
  }

  /** @param limits default: the app's limits with rates raised for windows that send 400 times as fast */
  static async start(limits: Partial<Limits> = FAST_LIMITS): Promise<ChaosHost> {
    const host = new ChaosHost(await mkdtemp(join(tmpdir(), 'earshot-chaos-')), limits);
    await host.#server.start();
    return host;
  }

  /** All metrics in Prometheus' text format. */
  metricsText(): Promise<string> {
    return this.health.metricsText({ sessions: this.manager.sessions, connections: this.manager.size });
  }

  /** The server's port; 0 during a restart. */
  get port(): number {
    return this.#server.port ?? 0;
  }

  /** Copies the server's log to another log. @returns unsubscribes */
  onLog(log: Log): () => void {
    this.#logs.add(log);
    return () => this.#logs.delete(log);
  }

  /** Calls the listener when a new server listens on its port. @returns unsubscribes */
  onPortChange(listener: () => void): () => void {
    this.#portListeners.add(listener);
    return () => this.#portListeners.delete(listener);
  }

  /** Replaces the voice server with a new one on a port chosen by the system. Sessions are kept. */
  async restart(): Promise<void> {
    this.restarts += 1;
    this.serverChanges += 1;
    await this.#server.stop();
    this.#server = this.#newServer();
    await this.#server.start();
    this.serverChanges += 1;
    for (const listener of this.#portListeners) listener();
  }

  /** Returns the samples of a recording, PCM16 LE. */
  async samples(info: RecordingInfo): Promise<Buffer> {
    return (await readFile(this.#file(info, 'wav'))).subarray(WAV_HEADER_BYTES);
  }

  /** Deletes recordings to limit disk and memory use in a long run. */
  async deleteRecordings(infos: readonly RecordingInfo[]): Promise<void> {
    this.saved = this.saved.filter((info) => !infos.includes(info));
    const files = infos.flatMap((info) => [this.#file(info, 'wav'), this.#file(info, 'json')]);
    await Promise.all(files.map((file) => rm(file, { force: true })));
  }

  /** Ends every session, finishes the recordings and removes the folder. */
  async stop(): Promise<void> {
    await this.#server.stop();
    await this.manager.close();
    this.health.stop();
    await this.#recordings.close();
    await rm(this.dir, { recursive: true, force: true });
  }

  readonly #proofs = createLaunchProofs(TOKEN);
  readonly #log: Log = (event, fields, level) => {
    for (const log of this.#logs) log(event, fields, level);
  };

  #file({ id }: RecordingInfo, kind: 'wav' | 'json'): string {
    return join(this.dir, 'recordings', `${id}.${kind}`);
  }

  #newServer(): VoiceServer {
    const { metrics } = this.health;
    return createVoiceServer({
      manager: this.manager,
      proofs: this.#proofs,
      origin: ORIGIN,
      log: this.#log,
      metrics,
      metricsText: () => this.metricsText(),
      limits: this.#limits,
    });
  }
}
