import { describeError, EarshotError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { type ServerSupervisor, superviseServer } from '../guard/supervise-server.ts';
import type { VoiceServer } from '../voice/server.ts';
import { type ReservedPort, reservePort } from './reserved-port.ts';

/** Where a new voice server is to stand: on the port of the former one when that is free, or on the spare one. */
export type RestartPlace = 'same port' | 'other port';

/** The voice server of a whole launch: one after the other, each on one of two ports that are known from the start. */
export interface RestartableVoice {
  /**
   * Listens, holds the spare port, and looks after the server from then on: one that can't be reached is restarted.
   * @param port 0: the system chooses
   * @returns both ports
   * @throws {EarshotError} `port_in_use`, `listen_failed`; nothing is left running then
   */
  start(port: number): Promise<readonly [number, number]>;
  /** Where it listens on 127.0.0.1; null while it does not. */
  readonly port: number | null;
  /** Another connection would be let in. */
  readonly accepting: boolean;
  /**
   * Puts a new server in the place of the running one. Its sessions stay.
   * @throws {EarshotError} when neither port can be had; it is down then, and may be restarted again
   */
  restart(where: RestartPlace): Promise<void>;
  /** Somebody asks where it is: a reason to look whether it can be reached. */
  asked(): void;
  /** The machine woke from sleep. */
  woke(): void;
  /** Waits for a restart under way, stops the server and frees both ports. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * @param create a server that does not listen yet; it tells of trouble with its listener
 * @param log the app's
 * @param serverLog the voice server's
 */
export function createRestartableVoice(options: {
  create(port: number, onTrouble: () => void): VoiceServer;
  log: Log;
  serverLog: Log;
}): RestartableVoice {
  const { log, serverLog } = options;
  let voice: VoiceServer | null = null;
  let spare: ReservedPort | null = null;
  let ports: readonly [number, number] = [0, 0];
  let supervisor: ServerSupervisor | null = null;
  /** The last change of the server: one at a time, in the order in which they were asked for. */
  let change = Promise.resolve();
  let changing = false;
  let stopped = false;

  async function startOn(port: number): Promise<void> {
    voice = options.create(port, () => supervisor?.look());
    await voice.start();
  }

  /** The page's policy names both ports: the one that is left stays ours, where nobody else has taken it. */
  async function hold(port: number): Promise<void> {
    spare ??= await reservePort(port).catch(() => null);
  }

  async function replace(where: RestartPlace): Promise<void> {
    const former = voice?.port ?? ports[0];
    const other = former === ports[0] ? ports[1] : ports[0];
    await voice?.stop();
    if (where === 'same port') {
      try {
        await startOn(former);
        return await hold(other);
      } catch (error) {
        log('WARNING', { type: 'voice_port_lost', port: former, detail: describeError(error) });
      }
    }
    await spare?.release();
    spare = null;
    await startOn(other);
    await hold(former);
  }

  function restart(where: RestartPlace): Promise<void> {
    if (stopped) return Promise.reject(new EarshotError('host_stopping', 'Earshot is closing.'));
    change = change
      .catch(() => undefined)
      .then(async () => {
        changing = true;
        await replace(where).finally(() => {
          changing = false;
        });
      });
    return change;
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
          if (changing) return 'unknown';
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
      return voice?.port ?? null;
    },
    get accepting() {
      return voice?.accepting ?? false;
    },
    restart,
    asked: () => supervisor?.look(),
    woke: () => supervisor?.woke(),
    async stop() {
      stopped = true;
      supervisor?.stop();
      await change.catch(() => undefined);
      await Promise.all([voice?.stop(), spare?.release()]);
    },
  };
}
