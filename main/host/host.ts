import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type {
  AppInfo,
  BridgeEventName,
  BridgeHandlers,
  BridgeNotify,
  BridgePayload,
  Unsubscribe,
  VoiceAddress,
} from '../../shared/bridge.ts';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { type Log, logFor } from '../../shared/log-event.ts';
import { VOICE_PATH } from '../../shared/protocol.ts';
import { ensureFolder } from '../files/ensure-folder.ts';
import { endsWithin } from '../files/time-limit.ts';
import { createLaunchProofs, type LaunchProofs } from '../guard/launch-proofs.ts';
import { LOOPBACK, ownHost } from '../guard/own-address.ts';
import { startHealth } from '../health/health.ts';
import { createLogBus } from '../log/bus.ts';
import { createFileLog } from '../log/file-log.ts';
import type { ServeRecording } from '../recordings/recording-server.ts';
import { createRecordings } from '../recordings/recordings.ts';
import { createSettings } from '../settings/settings.ts';
import { ConnectionManager } from '../voice/connection-manager.ts';
import { createVoiceServer } from '../voice/server.ts';
import { type ActiveTurns, createActiveTurns } from './active-turns.ts';
import { createBridgeHandlers, NO_SHELL } from './bridge-handlers.ts';
import { type DataFolder, prepareDataFolder, usable } from './data-folder.ts';
import { createDefaultMicrophone } from './default-microphone.ts';
import { acquireHostLock } from './host-lock.ts';
import { createInterruptedTurns } from './interrupted-turns.ts';
import { createRestartableVoice, type RestartPlace } from './restartable-voice.ts';

/** How long a stop may take (ms): what is not on disk by then is not waited for. */
const STOP_LIMIT_MS = 5_000;
/** Then the log gets so long (ms) to say what is missing. */
const LAST_WORDS_LIMIT_MS = 500;

export interface HostOptions {
  /** Absolute; made when it is not there. */
  dataDir: string;
  /** How it was found, where the shell has prepared it already. */
  folder?: DataFolder;
  /** The one page that may connect to the voice server. */
  origin: string;
  /** By which name the voice server is reached; default `127.0.0.1`. */
  name?: string;
  version: string;
  shell: AppInfo['shell'];
  /** 0, the default: the system chooses. */
  voicePort?: number;
  /** Default: 32 random bytes, made anew at each start. */
  token?: string;
  /** How long (ms) a stop may take; half a second more where something is missing then. Default: 5 s. */
  stopLimitMs?: number;
}

/** All of Earshot but its windows. A shell puts windows around it and carries `handlers` and events to them. */
export interface Host {
  readonly handlers: BridgeHandlers;
  /** Tells one carrier of every event of the bridge, until it unsubscribes. */
  subscribe(notify: BridgeNotify): Unsubscribe;
  /** Answers a request for a recording, at the address that the bridge has given. Never rejects. */
  readonly serveRecording: ServeRecording;
  /** The addresses of recordings that were given lead to nothing from now on. */
  renewRecordingUrls(): void;
  /** For the shell's own events. */
  readonly log: Log;
  /** Whether anybody listens: turns that are open, of all windows, lost ones that may be resumed among them. */
  readonly listening: Pick<ActiveTurns, 'turns' | 'onChange'>;
  readonly token: string;
  /** Of who knows that secret: for every server of this launch. */
  readonly proofs: LaunchProofs;
  /** `ws://<name>:<port>/ws/voice`; null while the voice server is down. */
  voiceUrl(): string | null;
  voicePort(): number | null;
  /** Every port on which the voice server may stand in this launch: a page's policy names them, once and for all. */
  readonly voicePorts: readonly number[];
  /**
   * A new voice server in place of the running one: on the same port when it is free, else on the spare one. Its sessions
   * stay: whoever comes back in time goes on with them.
   * @throws {EarshotError} when neither can be had; the voice server is down then, and may be restarted again
   */
  restartVoice(where?: RestartPlace): Promise<void>;
  /** The machine woke from sleep: whether the voice server can still be reached is looked at now, and not seconds later. */
  woke(): void;
  /**
   * Closes every session with 1001, finishes recordings and the log. Bounded by `stopLimitMs`, after which it says on stderr, and
   * in the log where that can be written, what is not finished. Safe to call twice.
   */
  stop(): Promise<void>;
}

/**
 * Composes the host: token, log, settings, recordings and the voice server.
 * @throws {EarshotError} `data_dir_unusable` when the folder can't be made or written, `folder_unsafe` when it is another
 *   user's or open to their writing, `port_in_use` when the voice
 *   server's configured port can't be had; nothing is left running then
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const { dataDir, origin, name = LOOPBACK, shell, version, token = randomBytes(32).toString('base64url') } = options;
  const { closedToOthers } = options.folder ?? (await prepareDataFolder(dataDir));
  // Its lock is the first thing that is written: whether the folder can be used is known then.
  const lock = await usable(dataDir, () => acquireHostLock(dataDir));
  // The log's stream would make its folder with the mode that the umask leaves. What is in its way, the log tells.
  await ensureFolder(logFolder(dataDir)).catch(() => undefined);
  const proofs = createLaunchProofs(token);

  const subscribers = new Set<BridgeNotify>();
  function notify<Name extends BridgeEventName>(event: Name, payload: BridgePayload<Name>): void {
    for (const notify of subscribers) {
      try {
        notify(event, payload);
      } catch (error) {
        // A window that can't be told must not break whoever had the news. Log records: no line about lines.
        if (event !== 'onLogRecords') log('WARNING', { type: 'notify_failed', event, detail: describeError(error) });
      }
    }
  }

  const bus = createLogBus();
  const log = logFor('app', bus.append);
  const serverLog = logFor('server', bus.append);
  const warn = (error: EarshotError) => log('WARNING', { type: error.code, detail: error.message });
  const file = createFileLog({
    dir: logFolder(dataDir),
    bus,
    onProblem: warn,
    onRecovered: (leftOut) => log('LOG_RESUMED', { lines_left_out: leftOut }),
  });
  bus.subscribe((records) => notify('onLogRecords', records));

  const settings = createSettings({
    dir: dataDir,
    onChange: (changed) => notify('onSettings', changed),
    onProblem: warn,
  });

  const recordings = createRecordings({
    dir: join(dataDir, 'recordings'),
    onSaved: (info) => {
      serverLog('RECORDING_SAVED', {
        session: info.session_id,
        turn: info.turn,
        seconds: Math.round(info.duration_s * 1000) / 1000,
      });
      notify('onRecordingSaved', info);
    },
    onProblem: (error, { sessionId }) => {
      serverLog('ERROR', { type: error.code, session: sessionId, detail: error.message });
      interrupted.noteFailure(sessionId, error.message);
      notify('onRecordingFailed', { session_id: sessionId, code: error.code, message: error.message });
    },
    onDescriptionMissing: (error, { sessionId }) => {
      serverLog('WARNING', { type: error.code, session: sessionId, detail: error.message });
      notify('onDescriptionMissing', { session_id: sessionId, code: error.code, message: error.message });
    },
    onDelay: (error, { sessionId }) => {
      if (error)
        serverLog('RECORDING_DELAYED', { session: sessionId, type: error.code, detail: describeError(error.cause) });
      else serverLog('RECORDING_WRITTEN', { session: sessionId });
      notify('onRecordingDelayed', { session_id: sessionId, message: error?.message ?? null });
    },
    keepsShort: () => settings.get().keep_short_recordings,
    onDiscarded: (duration_s, { sessionId, turn }) => {
      serverLog('RECORDING_DISCARDED', {
        session: sessionId,
        turn,
        seconds: Math.round(duration_s * 1000) / 1000,
        why: 'too short',
      });
      notify('onRecordingDiscarded', { session_id: sessionId, turn, duration_s });
    },
    launches: lock,
    onRepaired: ({ id, duration_s }) =>
      log('RECORDING_REPAIRED', { recording: id, seconds: Math.round(duration_s * 1000) / 1000 }),
    onRepairProblem: warn,
    onReadProblem: warn,
  });
  const listening = createActiveTurns({
    begin(turn) {
      serverLog('RECORDING_STARTED', { session: turn.sessionId, turn: turn.turn });
      return recordings.begin(turn);
    },
  });

  const health = startHealth({
    log: serverLog,
    notify: (figures) => notify('onHealth', figures),
    listening,
    open: () => ({ sessions: manager.sessions, connections: manager.size }),
  });
  // One for the host's life: sessions outlive the server that they began on.
  const manager = new ConnectionManager({ sink: listening.sink, log: serverLog, metrics: health.metrics });
  const interrupted = createInterruptedTurns({
    endSession: (id) => manager.endAbandoned(id),
    listRecordings: () => recordings.list(),
  });
  const voice = createRestartableVoice({
    create: (port, onTrouble) =>
      createVoiceServer({
        manager,
        proofs,
        origin,
        name,
        log: serverLog,
        metrics: health.metrics,
        metricsText: health.metricsText,
        port,
        onChange: () => notify('onVoiceAddress', address()),
        onTrouble,
      }),
    log,
    serverLog,
  });
  const voiceUrl = () => (voice.port === null ? null : `ws://${ownHost(voice.port, name)}${VOICE_PATH}`);
  const address = (): VoiceAddress => ({ url: voiceUrl(), token, accepting: voice.accepting });

  async function closeLog(): Promise<void> {
    bus.flush();
    await file.close();
  }

  log('APP_STARTED', { version, shell, node: process.versions.node, platform: process.platform });
  if (closedToOthers) warn(folderClosed(dataDir));
  let voicePorts: readonly number[];
  try {
    voicePorts = await voice.start(options.voicePort ?? 0);
  } catch (error) {
    await manager.close();
    health.stop();
    await closeLog();
    await lock.release();
    throw error;
  }
  // In the background: a window's list of recordings waits for it, nothing else does.
  void recordings.repair();

  let stopping: Promise<void> | null = null;

  async function shutDown(): Promise<void> {
    log('APP_STOPPING');
    // Together, so that no session waits for a client which can't come back.
    await Promise.all([voice.stop(), manager.close()]);
    health.stop();
    await recordings.close();
    await closeLog();
    await lock.release();
  }

  async function stopInTime(): Promise<void> {
    if (await endsWithin(options.stopLimitMs ?? STOP_LIMIT_MS, shutDown())) return;
    const error = stopIncomplete(recordings.unfinished());
    process.stderr.write(`earshot: ${error.message}\n`);
    warn(error);
    await endsWithin(LAST_WORDS_LIMIT_MS, closeLog());
  }

  return {
    handlers: createBridgeHandlers({
      info: { version, shell, platform: process.platform, data_dir: dataDir },
      voiceAddress() {
        // Asked by a window that opens, and by one that did not get through.
        voice.asked();
        return address();
      },
      settings,
      bus,
      recordings,
      endInterruptedTurn: interrupted.end,
      health,
      defaultMicrophone: createDefaultMicrophone(),
      shell: NO_SHELL,
      log,
    }),
    subscribe(notify) {
      subscribers.add(notify);
      return () => void subscribers.delete(notify);
    },
    serveRecording: recordings.serve,
    renewRecordingUrls: () => recordings.renewUrls(),
    log,
    listening,
    token,
    proofs,
    voiceUrl,
    voicePort: () => voice.port,
    voicePorts,
    restartVoice: (where = 'same port') => voice.restart(where),
    woke: voice.woke,
    stop() {
      stopping ??= stopInTime();
      return stopping;
    },
  };
}

function folderClosed(dir: string): EarshotError {
  return new EarshotError(
    'folder_closed',
    `Other users could write into the data folder ${dir}. Earshot has taken that right away; look for files that are not yours.`,
  );
}

function logFolder(dataDir: string): string {
  return join(dataDir, 'logs');
}

function stopIncomplete(unfinished: readonly string[]): EarshotError {
  const files =
    unfinished.length > 0
      ? ` Not finished: ${unfinished.join(', ')}. The next start repairs what the disk has of ${unfinished.length > 1 ? 'them' : 'it'}.`
      : '';
  return new EarshotError(
    'stop_incomplete',
    `Earshot ended without waiting for the disk, which did not answer in time.${files}`,
  );
}
