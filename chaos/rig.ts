import type { Log } from '../shared/log-event.ts';
import type { RecordingInfo } from '../shared/recording.ts';
import { FaultProxy } from '../testing/faults/fault-proxy.ts';
import { generateConditions, NO_FAULTS } from '../testing/faults/network-conditions.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import { EventLog } from './event-log.ts';
import { ChaosHost } from './host.ts';
import type { Pace } from './tagged-microphone.ts';
import { ChaosWindow } from './window.ts';

/** Time limit of `until` in ms. */
const DEADLINE_MS = 25_000;

export interface RigOptions {
  seed?: number;
  /** Default: generated from the seed. */
  conditions?: 'generated' | 'calm';
  /** Default: through the proxy. `direct`: the windows connect to the server itself, at each of its addresses. */
  route?: 'proxy' | 'direct';
  pace?: Pace;
  /** Number of samples in the last, shorter frame of each microphone; default: 0. */
  tail?: number;
  /** A shared host, which the rig does not stop. The rig reads only the log lines of its own windows. */
  host?: ChaosHost;
  /** Upper bound of the backoff's jitter, 0 to 1; default: 0.02, which shortens 250 ms to at most 5 ms. */
  jitter?: number;
  /** The voice of the first window, 1 to 32767; default: 1. */
  voice?: number;
}

/** Delay in ms before the simulated user presses "Try now". */
const TRY_NOW_MS = 50;

/** A host, a fault proxy in front of it, and windows that connect through the proxy. */
export class Rig {
  readonly #options: RigOptions;
  readonly windows: ChaosWindow[] = [];
  readonly #checks = new Set<() => void>();
  readonly #retryTimers = new Set<NodeJS.Timeout>();
  readonly #unsubscribe: Array<() => void> = [];
  /** Ids of all past and current sessions of these windows. */
  readonly #sessions = new Set<unknown>();

  private constructor(
    options: RigOptions,
    /** The log of both sides. */
    readonly events: EventLog,
    readonly host: ChaosHost,
    readonly proxy: FaultProxy,
  ) {
    this.#options = options;
    events.onLine(() => this.#check());
    this.#unsubscribe.push(host.onLog(this.#onHostLog));
    this.#unsubscribe.push(host.onPortChange(() => this.#updateAddress()));
    this.#unsubscribe.push(host.manager.onChange(() => this.#check()));
  }

  static async start(options: RigOptions = {}): Promise<Rig> {
    const { seed = 1, conditions = 'generated' } = options;
    const host = options.host ?? (await ChaosHost.start());
    const proxy = await FaultProxy.start({
      target: host.port,
      seed,
      conditions: conditions === 'generated' ? generateConditions : () => NO_FAULTS,
    });
    return new Rig(options, new EventLog(), host, proxy);
  }

  /** Recordings of these windows. */
  get saved(): RecordingInfo[] {
    return this.host.saved.filter(({ session_id }) => this.#sessions.has(session_id));
  }

  /** Adds a window. Each has its own voice number, counted from the first. */
  addWindow(): ChaosWindow {
    const { seed = 1, route = 'proxy', pace = { burst: 20, ahead: 250 }, tail = 0 } = this.#options;
    const { voice: first = 1, jitter = 0.02 } = this.#options;
    const voice = first + this.windows.length;
    const rng = new SeededRandom(seed).fork(voice);
    const jitterRng = rng.fork(1);
    const window = new ChaosWindow({
      log: this.events.logOf('client'),
      route: () => ({
        port: route === 'proxy' ? this.proxy.port : this.host.port,
        hostPort: this.host.port,
        accepting: this.host.manager.hasRoom,
      }),
      voice,
      tail,
      pace,
      rng,
      random: () => jitterRng.next() * jitter,
      onSocket: () => this.#check(),
    });
    window.client.subscribe(() => {
      if (window.snapshot.breakerOpen && window.snapshot.retryAt !== null) this.#tryNow(window);
      this.#check();
    });
    this.windows.push(window);
    return window;
  }

  /** Resolves when `holds` returns true. Checks it after every change of a window, socket or log. */
  until(what: string, holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (!holds()) return;
        clearTimeout(deadline);
        this.#checks.delete(check);
        resolve();
      };
      const deadline = setTimeout(() => {
        this.#checks.delete(check);
        const views = this.windows.map(({ snapshot }) => JSON.stringify(snapshot)).join('\n');
        reject(new Error(`${what}: not within ${DEADLINE_MS} ms\n${views}`));
      }, DEADLINE_MS);
      this.#checks.add(check);
    });
  }

  untilListening(window: ChaosWindow): Promise<void> {
    return this.until('listening', () => window.snapshot.view === 'listening');
  }

  /** Ends the turn by a press and waits until its recording is saved. */
  async finish(window: ChaosWindow): Promise<RecordingInfo> {
    const before = this.host.saved.length;
    window.client.press();
    await this.until('idle', () => window.snapshot.view === 'idle');
    await this.until('saved', () => this.host.saved.length > before);
    const info = this.host.saved.at(-1);
    if (info === undefined) throw new Error('nothing was saved');
    return info;
  }

  /** Replaces the voice server with one on another port and notifies the windows, as the host does. */
  restart(): Promise<void> {
    return this.host.restart();
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const timer of this.#retryTimers) clearTimeout(timer);
    for (const window of this.windows) window.dispose();
    await this.proxy.stop();
    if (this.#options.host === undefined) await this.host.stop();
  }

  /** Collects the host's log; from a shared host only lines about sessions of these windows. */
  readonly #onHostLog: Log = (event, fields = {}, level) => {
    const { session, user } = fields;
    if (event === 'WS_CONNECT' && this.windows.some((window) => window.user === user)) this.#sessions.add(session);
    if (this.#options.host === undefined || this.#sessions.has(session))
      this.events.logOf('server')(event, fields, level);
  };

  #updateAddress(): void {
    this.proxy.target = this.host.port;
    for (const window of this.windows) window.tellAddress();
  }

  #tryNow(window: ChaosWindow): void {
    const timer = setTimeout(() => {
      this.#retryTimers.delete(timer);
      window.client.retryNow();
    }, TRY_NOW_MS);
    this.#retryTimers.add(timer);
  }

  #check(): void {
    for (const check of [...this.#checks]) check();
  }
}
