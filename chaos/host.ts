import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLaunchProofs } from '../main/guard/launch-proofs.ts';
import { type HealthFigures, startHealth } from '../main/health/health.ts';
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

/** Windows that speak a minute in about half a second need as much more at once than the app takes. */
const FASTER = 400;
const FAST_LIMITS: Partial<Limits> = {
  inboundPerSecond: LIMITS.inboundPerSecond * FASTER,
  inboundBurst: LIMITS.inboundBurst * FASTER,
};

/**
 * The host's voice side as `main/host/host.ts` composes it: the real server, connection manager, health and recordings on a
 * disk, in a folder of its own.
 */
export class ChaosHost {
  /** What was recorded and not forgotten since. */
  saved: RecordingInfo[] = [];
  readonly problems: string[] = [];
  readonly manager: ConnectionManager;
  readonly health: HealthFigures;
  /** How often the voice server was replaced. */
  restarts = 0;
  /** Changes whenever a server goes or comes. */
  moves = 0;
  readonly #recordings: ReturnType<typeof createRecordings>;
  readonly #logs = new Set<Log>();
  readonly #movedListeners = new Set<() => void>();
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
      listening: { onChange: () => () => undefined },
      open: () => ({ sessions: this.manager.sessions, connections: this.manager.size }),
    });
    this.manager = new ConnectionManager({ sink: this.#recordings, log, metrics: this.health.metrics, limits });
    this.#server = this.#newServer();
  }

  /** @param limits default: the app's, for windows that speak 400 times as fast */
  static async start(limits: Partial<Limits> = FAST_LIMITS): Promise<ChaosHost> {
    const host = new ChaosHost(await mkdtemp(join(tmpdir(), 'earshot-chaos-')), limits);
    await host.#server.start();
    return host;
  }

  /** 0 while there is no server. */
  get port(): number {
    return this.#server.port ?? 0;
  }

  /** Writes what the server logs to another log, too. @returns stops it */
  onLog(log: Log): () => void {
    this.#logs.add(log);
    return () => this.#logs.delete(log);
  }

  /** Told when the server stands on another port. @returns stops it */
  onMoved(listener: () => void): () => void {
    this.#movedListeners.add(listener);
    return () => this.#movedListeners.delete(listener);
  }

  /** A new voice server in place of the running one, on a port that the system chooses. The sessions stay. */
  async restart(): Promise<void> {
    this.restarts += 1;
    this.moves += 1;
    await this.#server.stop();
    this.#server = this.#newServer();
    await this.#server.start();
    this.moves += 1;
    for (const listener of this.#movedListeners) listener();
  }

  /** The samples of a recording, as they stand in its file. */
  async samples(info: RecordingInfo): Promise<Buffer> {
    return (await readFile(this.#file(info, 'wav'))).subarray(WAV_HEADER_BYTES);
  }

  /** Removes recordings, so that a long run fills neither the disk nor the memory. */
  async forget(infos: readonly RecordingInfo[]): Promise<void> {
    this.saved = this.saved.filter((info) => !infos.includes(info));
    const files = infos.flatMap((info) => [this.#file(info, 'wav'), this.#file(info, 'json')]);
    await Promise.all(files.map((file) => rm(file, { force: true })));
  }

  /** Ends every session, finishes the recordings, and removes the folder. */
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
    const { metrics, metricsText } = this.health;
    return createVoiceServer({
      manager: this.manager,
      proofs: this.#proofs,
      origin: ORIGIN,
      log: this.#log,
      metrics,
      metricsText,
      limits: this.#limits,
    });
  }
}
