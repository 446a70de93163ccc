import { describeError, EarshotError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { type ServerSupervisor, superviseServer } from '../guard/supervise-server.ts';
import type { VoiceServer } from '../voice/server.ts';
import { type ReservedPort, reservePort } from './reserved-port.ts';

/** Where to restart the voice server: on its current port if that is free, or on the spare port. */
export type RestartPlace = 'same port' | 'other port';

/** What clients need to know about the voice server. */
export interface VoiceServerState {
  /** The port on 127.0.0.1 that it listens on; null while it is down. */
  readonly port: number | null;
  /** Whether it would accept another connection. */
  readonly accepting: boolean;
}

/** The voice server of one launch. It can be restarted, each time on one of two ports that are fixed at the start. */
export interface RestartableVoice extends VoiceServerState {
  /**
   * Starts the server, reserves the spare port and begins to supervise the server: it is restarted if it becomes
   * unreachable. Leaves nothing running if it fails.
   * @param port 0: the system chooses
   * @returns both ports
   * @throws {EarshotError} `port_in_use`, `listen_failed`
   */
  start(port: number): Promise<readonly [number, number]>;
  /**
   * Replaces the running server. Sessions are kept. Restarts run one at a time, in the order of the calls.
   * @throws {EarshotError} if neither port is available; the server is then down and may be restarted again
   */
  restart(where: RestartPlace): Promise<void>;
  /** Checks now whether the server is reachable. */
  checkNow(): void;
  /** Call when the machine wakes from sleep. */
  onSystemResume(): void;
  /** Waits for a running restart, stops the server and frees both ports. Safe to call twice. */
  stop(): Promise<void>;
}

export interface RestartableVoiceOptions {
  /**
   * Creates a server that does not listen yet. It calls `onListenerFailure` if its listener fails, and `onChange` if
   * its port or `accepting` changes.
   */
  create(port: number, events: { onListenerFailure(): void; onChange(): void }): VoiceServer;
  onChange(state: VoiceServerState): void;
  /** The app's log. */
  log: Log;
  /** The voice server's log. */
  serverLog: Log;
}

export function createRestartableVoice(options: RestartableVoiceOptions): RestartableVoice {
  const { log, serverLog } = options;
  let voice: VoiceServer | null = null;
  let spare: ReservedPort | null = null;
  let ports: readonly [number, number] = [0, 0];
  let supervisor: ServerSupervisor | null = null;
  /** The last restart that was requested. Each one waits for the one before. */
  let lastRestart = Promise.resolve();
  let restarting = false;
  let stopped = false;

  const state: VoiceServerState = {
    get port() {
      return voice?.port ?? null;
    },
    get accepting() {
      return voice?.accepting ?? false;
    },
  };

  async function startOn(port: number): Promise<void> {
    voice = options.create(port, {
      onListenerFailure: () => supervisor?.checkNow(),
      onChange: () => options.onChange(state),
    });
    await voice.start();
  }

  /** Reserves the port that is not in use: the page's policy allows both, so no other program should get it. */
  async function reserveSpare(port: number): Promise<void> {
    spare ??= await reservePort(port).catch(() => null);
  }

  async function replace(where: RestartPlace): Promise<void> {
    const previous = voice?.port ?? ports[0];
    const other = previous === ports[0] ? ports[1] : ports[0];
    await voice?.stop();
    if (where === 'same port') {
      try {
        await startOn(previous);
        return await reserveSpare(other);
      } catch (error) {
        log('WARNING', { type: 'voice_port_lost', port: previous, detail: describeError(error) });
      }
    }
    await spare?.release();
    spare = null;
    await startOn(other);
    await reserveSpare(previous);
  }

  function restart(where: RestartPlace): Promise<void> {
    if (stopped) return Promise.reject(new EarshotError('host_stopping', 'Earshot is closing.'));
    lastRestart = lastRestart
      .catch(() => undefined)
      .then(async () => {
        restarting = true;
        await replace(where).finally(() => {
          restarting = false;
        });
      });
    return lastRestart;
  }

  return {
    async start(port) {
      try {
        await startOn(port);
        spare = await reservePort();
      } catch (error) {
        await voice?.stop();
        throw error;
      }
      ports = [voice?.port ?? 0, spare.port];
      supervisor = superviseServer({
        server: 'voice',
        check: async () => {
          if (restarting) return 'unknown';
          return (await voice?.check()) ?? 'unknown';
        },
        async restart() {
          await restart('same port');
          return voice?.port ?? 0;
        },
        log: serverLog,
      });
      return ports;
    },
    get port() {
      return state.port;
    },
    get accepting() {
      return state.accepting;
    },
    restart,
    checkNow: () => supervisor?.checkNow(),
    onSystemResume: () => supervisor?.onWake(),
    async stop() {
      stopped = true;
      supervisor?.stop();
      await lastRestart.catch(() => undefined);
      await Promise.all([voice?.stop(), spare?.release()]);
    },
  };
}
