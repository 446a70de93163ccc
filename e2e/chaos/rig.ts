import type { RecordingInfo } from '../../shared/recording.ts';
import { Dice } from '../support/dice.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { CALM, drawWeather } from '../support/weather.ts';
import type { Pace } from './fake-microphone.ts';
import { FlightLog } from './flight-log.ts';
import { ChaosHost } from './host.ts';
import { ChaosWindow } from './window.ts';

/** Nothing that is waited for takes as long as this (ms), except by a fault. */
const DEADLINE_MS = 25_000;
/** The backoff's jitter is drawn below this: 250 ms become 5, and still differ. */
const MAX_JITTER = 0.02;

export interface RigOptions {
  seed?: number;
  /** Default: drawn from the seed. */
  weather?: 'drawn' | 'calm';
  /** Default: through the proxy. Past it a window is told each new address, as it is in the app. */
  route?: 'proxy' | 'direct';
  pace?: Pace;
  /** Samples of the last, shorter frame of each microphone; default: none. */
  tail?: number;
}

/** A host, a proxy before it, and windows that connect through it. */
export class Rig {
  readonly windows: ChaosWindow[] = [];
  readonly #checks = new Set<() => void>();

  private constructor(
    private readonly options: RigOptions,
    /** What both sides logged. */
    readonly flight: FlightLog,
    readonly host: ChaosHost,
    readonly proxy: FaultProxy,
  ) {
    flight.onLine(() => this.#check());
  }

  static async start(options: RigOptions = {}): Promise<Rig> {
    const { seed = 1, weather = 'drawn' } = options;
    const flight = new FlightLog();
    const host = await ChaosHost.start(flight.logOf('server'));
    const proxy = await FaultProxy.start({
      target: host.port,
      seed,
      weather: weather === 'drawn' ? drawWeather : () => CALM,
    });
    return new Rig(options, flight, host, proxy);
  }

  /** Another window. Each has a voice of its own: its number, from 1. */
  addWindow(): ChaosWindow {
    const { seed = 1, route = 'proxy', pace = { burst: 20, ahead: 250 }, tail = 0 } = this.options;
    const voice = this.windows.length + 1;
    const dice = new Dice(seed).fork(voice);
    const jitter = dice.fork(1);
    const window = new ChaosWindow({
      log: this.flight.logOf('client'),
      route: () => ({ port: route === 'proxy' ? this.proxy.port : this.host.port, hostPort: this.host.port }),
      voice,
      tail,
      pace,
      dice,
      random: () => jitter.next() * MAX_JITTER,
      onSocket: () => this.#check(),
    });
    window.client.subscribe(() => {
      // A person who sees the countdown presses "Try now".
      if (window.snapshot.breakerOpen && window.snapshot.retryAt !== null) setImmediate(() => window.client.retryNow());
      this.#check();
    });
    this.windows.push(window);
    return window;
  }

  /** Resolves once it holds; looked at whenever a window or one of its sockets changes, and when anything is logged. */
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

  listening(window: ChaosWindow): Promise<void> {
    return this.until('listening', () => window.snapshot.view === 'listening');
  }

  /** Ends the window's turn by a press, and waits until its recording is on the disk. */
  async finish(window: ChaosWindow): Promise<RecordingInfo> {
    const before = this.host.saved.length;
    window.client.press();
    await this.until('idle', () => window.snapshot.view === 'idle');
    await this.until('saved', () => this.host.saved.length > before);
    const info = this.host.saved.at(-1);
    if (info === undefined) throw new Error('nothing was saved');
    return info;
  }

  /** A new voice server on another port, after the old one has gone. The windows are told as the host tells them. */
  async restart(): Promise<void> {
    await this.host.restart();
    this.proxy.target = this.host.port;
    for (const window of this.windows) window.tellAddress();
  }

  async stop(): Promise<void> {
    for (const window of this.windows) window.dispose();
    await this.proxy.stop();
    await this.host.stop();
  }

  #check(): void {
    for (const check of [...this.#checks]) check();
  }
}
