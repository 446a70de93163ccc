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
import type { SettingsProblem } from '../../shared/settings.ts';
import { endsWithin } from '../../shared/time-limit.ts';
import { ensureFolder } from '../files/ensure-folder.ts';
import { createLaunchProofs, type LaunchProofs } from '../guard/launch-proofs.ts';
import { LOOPBACK, ownHost } from '../guard/own-address.ts';
import { startHealth } from '../health/health.ts';
import { createFileLog, LOG_FILE } from '../log/file-log.ts';
import { defaultDisk } from '../recordings/default-disk.ts';
import { withDiskTimeout } from '../recordings/disk-with-timeout.ts';
import { existingFolderDisk } from '../recordings/folder/existing-folder-disk.ts';
import { createMovableRecordings, type MovableRecordings } from '../recordings/folder/movable-recordings.ts';
import { moveDisk } from '../recordings/folder/move-disk.ts';
import { openFolderState } from '../recordings/folder/open-folder.ts';
import { createRecordingImports, type ReceiveImport } from '../recordings/recording-imports.ts';
import type { ServeRecording } from '../recordings/recording-server.ts';
import { createRecordingUrls } from '../recordings/recording-url.ts';
import { createRecordings } from '../recordings/recordings.ts';
import { createSettings } from '../settings/settings.ts';
import { ConnectionManager } from '../voice/connection-manager.ts';
import { createVoiceServer } from '../voice/server.ts';
import { type ActiveTurns, createActiveTurns } from './active-turns.ts';
import { type BegunLog, beginLog } from './begin-log.ts';
import { createBridgeHandlers, NO_SHELL } from './bridge-handlers.ts';
import { type DataFolder, explainFolderErrors, prepareDataFolder } from './data-folder.ts';
import { createDefaultMicrophone } from './default-microphone.ts';
import { acquireHostLock } from './host-lock.ts';
import { createInterruptedTurns, createRecordingFailures } from './interrupted-turns.ts';
import { reportRecordingEvents } from './recording-events.ts';
import { createRestartableVoice, type RestartPlace, type VoiceServerState } from './restartable-voice.ts';

/** The time limit (ms) of a stop. Data that is not on disk by then is abandoned. */
const STOP_LIMIT_MS = 5_000;
/** After that limit, the time (ms) for logging what is unfinished. */
const FINAL_LOG_LIMIT_MS = 500;

export interface HostOptions {
  /** Absolute path; created if missing. */
  dataDir: string;
  /** The result of `prepareDataFolder(dataDir)`, if the shell has already called it. */
  folder?: DataFolder;
  /** The only page origin that may connect to the voice server. */
  origin: string;
  /** Host name in the voice server's URL. Default: `127.0.0.1`. */
  name?: string;
  version: string;
  shell: AppInfo['shell'];
  /** The launch's log, if the shell has already begun it. */
  begunLog?: BegunLog;
  /** The system's languages for the windows; default: null, the browser's. */
  system?: AppInfo['system'];
  /** Default: 0, the system chooses a free port. */
  voicePort?: number;
  /** Default: 32 random bytes, new at each start. */
  token?: string;
  /** Time limit (ms) of `stop`, which takes up to 0.5 s more if it was exceeded. Default: 5 s. */
  stopLimitMs?: number;
}

/** All of Earshot except its windows. A shell adds windows and connects them to `handlers` and `subscribe`. */
export interface Host {
  readonly handlers: BridgeHandlers;
  /** Calls `notify` for every bridge event until the returned function is called. */
  subscribe(notify: BridgeNotify): Unsubscribe;
  /** Serves a recording from a URL returned by the bridge. Never rejects. */
  readonly serveRecording: ServeRecording;
  /** The path of a finished recording's WAV. Rejects with `no_such_recording`, `recording_in_progress` and others. */
  pathOfRecording(id: string): Promise<string>;
  /** Writes a piece of an import, sent to a URL returned by the bridge. Never rejects. */
  readonly receiveImport: ReceiveImport;
  /** Invalidates all recording URLs issued so far, and cancels imports. */
  renewRecordingUrls(): void;
  /** The folder of the recordings. */
  readonly recordingsFolder: Pick<MovableRecordings, 'folder' | 'moveTo'>;
  /** For the shell's own events. */
  readonly log: Log;
  /** Counts open turns of all windows, including disconnected ones that may still be resumed. */
  readonly activeTurns: Pick<ActiveTurns, 'turns' | 'paused' | 'onChange'>;
  readonly token: string;
  /** Proofs that a client knows `token`; shared by all servers of this launch. */
  readonly proofs: LaunchProofs;
  /** `ws://<name>:<port>/ws/voice`; null while the voice server is down. */
  voiceUrl(): string | null;
  voicePort(): number | null;
  /** Every port the voice server may use during this launch. The page's content security policy lists them once. */
  readonly voicePorts: readonly number[];
  /**
   * Replaces the running voice server, on the same port if it is free, otherwise on the spare port. Sessions are kept:
   * clients that reconnect in time resume them.
   * @throws {EarshotError} if neither port is available; the voice server is then down and may be restarted again
   */
  restartVoice(where?: RestartPlace): Promise<void>;
  /** Call when the machine wakes from sleep: checks immediately whether the voice server is still reachable. */
  onSystemResume(): void;
  /**
   * Closes every session with 1001, then finishes recordings and the log. If `stopLimitMs` is exceeded, it reports the
   * unfinished recordings on stderr and, if possible, in the log. Safe to call twice.
   */
  stop(): Promise<void>;
}

/**
 * Composes the host: token, log, settings, recordings and the voice server. Leaves nothing running if it fails.
 * @throws {EarshotError} `data_dir_unusable` if the folder can't be created or written; `folder_unsafe` if it belongs
 *   to another user or others may write to it; `port_in_use` if the voice server's configured port is taken
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const { dataDir, origin, name = LOOPBACK, shell, version, token = randomBytes(32).toString('base64url') } = options;
  const { othersWriteRemoved } = options.folder ?? (await prepareDataFolder(dataDir));
  // The lock is the first file written, so an unusable folder is reported here.
  const lock = await explainFolderErrors(dataDir, () => acquireHostLock(dataDir));
  // The log stream would create its folder with the umask's mode. If this fails, the log reports it.
  await ensureFolder(logFolder(dataDir)).catch(() => undefined);
  const proofs = createLaunchProofs(token);

  const { bus, log } = options.begunLog ?? beginLog({ version, shell });
  const serverLog = logFor('server', bus.append);
  const warn = (error: EarshotError) => log('WARNING', { type: error.code, detail: error.message });

  const subscribers = new Set<BridgeNotify>();
  function notify<Name extends BridgeEventName>(event: Name, payload: BridgePayload<Name>): void {
    for (const subscriber of subscribers) {
      try {
        subscriber(event, payload);
      } catch (error) {
        // One failing window must not affect the sender. No log line about log lines: it would cause another one.
        if (event !== 'onLogRecords') log('WARNING', { type: 'notify_failed', event, detail: describeError(error) });
      }
    }
  }

  const file = createFileLog({
    dir: logFolder(dataDir),
    bus,
    onProblem: warn,
    onRecovered: (leftOut) => log('LOG_RESUMED', { lines_left_out: leftOut }),
  });
  bus.subscribe((records) => notify('onLogRecords', records));

  /** Until a window has taken it. */
  let settingsProblem: SettingsProblem | null = null;
  const settings = createSettings({
    dir: dataDir,
    onChange: (changed) => notify('onSettings', changed),
    onProblem(error, problem) {
      settingsProblem = problem;
      warn(error);
    },
  });

  const recordingFailures = createRecordingFailures();
  const recordingEvents = reportRecordingEvents({ log, serverLog, notify, failures: recordingFailures });
  const urls = createRecordingUrls();
  const movable = createMovableRecordings({
    dataDir,
    state: await openFolderState(dataDir, moveDisk, lock, warn),
    launches: lock,
    disk: withDiskTimeout(defaultDisk),
    moveDisk,
    open(dir, chosen, onChecked) {
      const disk = chosen ? existingFolderDisk(defaultDisk, dir) : defaultDisk;
      const content = createRecordings({
        dir,
        disk,
        urls,
        cacheDir: join(dataDir, 'cache', 'waveforms'),
        launches: lock,
        retention: () => settings.get(),
        keepShortRecordings: () => settings.get().keep_short_recordings,
        ...recordingEvents,
        onChecked,
      });
      const imports = createRecordingImports({
        dir,
        disk: withDiskTimeout(disk),
        launches: lock,
        userId: () => settings.get().user_id,
        onImported: content.noteImported,
      });
      return { recordings: content, imports };
    },
    onChange: (folder) => notify('onRecordingsFolder', folder),
    onMoved: () => log('RECORDINGS_MOVED'),
    onProblem: warn,
  });
  const { recordings, imports } = movable;
  const activeTurns = createActiveTurns({
    begin(turn) {
      serverLog('RECORDING_STARTED', { session: turn.sessionId, turn: turn.turn });
      return recordings.begin(turn);
    },
  });

  const health = startHealth({
    log: serverLog,
    notify: (figures) => notify('onHealth', figures),
    activeTurns,
  });
  // One manager for the whole launch: sessions outlive the voice server that they began on.
  const manager = new ConnectionManager({ sink: activeTurns.sink, log: serverLog, metrics: health.metrics });
  const interruptedTurns = createInterruptedTurns({
    endSession: (id) => manager.endAbandoned(id),
    listRecordings: () => recordings.list(),
    failures: recordingFailures,
  });

  const voiceUrlOf = (port: number | null) => (port === null ? null : `ws://${ownHost(port, name)}${VOICE_PATH}`);
  const addressOf = ({ port, accepting }: VoiceServerState): VoiceAddress => ({
    url: voiceUrlOf(port),
    token,
    accepting,
  });
  const voice = createRestartableVoice({
    create: (port, { onListenerFailure, onChange }) =>
      createVoiceServer({
        manager,
        proofs,
        origin,
        hostname: name,
        log: serverLog,
        metrics: health.metrics,
        metricsText: () => health.metricsText({ sessions: manager.sessions, connections: manager.size }),
        port,
        onChange,
        onListenerFailure,
      }),
    onChange: (state) => notify('onVoiceAddress', addressOf(state)),
    log,
    serverLog,
  });

  async function closeLog(): Promise<void> {
    bus.flush();
    await file.close();
  }

  if (othersWriteRemoved) warn(otherWritersRemoved(dataDir));
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
  // Runs in the background: only the list of recordings waits for it.
  void recordings.repair();
  void imports.removeLeftovers();

  const defaultMicrophone = createDefaultMicrophone();
  let stopping: Promise<void> | null = null;

  async function shutDown(): Promise<void> {
    log('APP_STOPPING');
    defaultMicrophone.stop();
    // In parallel, so no session waits for a client that can't reconnect.
    await Promise.all([voice.stop(), manager.close()]);
    health.stop();
    await movable.closeMove();
    await Promise.all([recordings.close(), imports.cancelAll()]);
    await closeLog();
    await lock.release();
  }

  async function stopWithinLimit(): Promise<void> {
    if (await endsWithin(options.stopLimitMs ?? STOP_LIMIT_MS, shutDown())) return;
    const error = stopIncomplete(recordings.unfinished());
    process.stderr.write(`earshot: ${error.message}\n`);
    warn(error);
    await endsWithin(FINAL_LOG_LIMIT_MS, closeLog());
  }

  return {
    handlers: createBridgeHandlers({
      info: { version, shell, platform: process.platform, data_dir: dataDir, system: options.system ?? null },
      voiceAddress() {
        // Windows ask when they open and when they failed to connect, so check that the server is reachable.
        voice.checkNow();
        return addressOf(voice);
      },
      settings,
      takeSettingsProblem() {
        const problem = settingsProblem;
        settingsProblem = null;
        return problem;
      },
      bus,
      logFile: logFile(dataDir),
      recordings,
      recordingsFolder: movable,
      imports,
      endInterruptedTurn: interruptedTurns.end,
      health,
      defaultMicrophone: defaultMicrophone.label,
      shell: NO_SHELL,
      log,
    }),
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => void subscribers.delete(subscriber);
    },
    serveRecording: recordings.serve,
    pathOfRecording: recordings.pathOf,
    receiveImport: imports.receive,
    recordingsFolder: movable,
    renewRecordingUrls() {
      recordings.renewUrls();
      void imports.cancelAll();
    },
    log,
    activeTurns,
    token,
    proofs,
    voiceUrl: () => voiceUrlOf(voice.port),
    voicePort: () => voice.port,
    voicePorts,
    restartVoice: (where = 'same port') => voice.restart(where),
    onSystemResume: voice.onSystemResume,
    stop() {
      stopping ??= stopWithinLimit();
      return stopping;
    },
  };
}

function otherWritersRemoved(dir: string): EarshotError {
  return new EarshotError(
    'folder_closed',
    `Other users could write to the data folder ${dir}. Earshot has removed that permission; look for files that are not yours.`,
  );
}

function logFolder(dataDir: string): string {
  return join(dataDir, 'logs');
}

function logFile(dataDir: string): string {
  return join(logFolder(dataDir), LOG_FILE);
}

function stopIncomplete(unfinished: readonly string[]): EarshotError {
  const files =
    unfinished.length > 0
      ? ` Not finished: ${unfinished.join(', ')}. The next start repairs the part that is on the disk.`
      : '';
  return new EarshotError(
    'stop_incomplete',
    `Earshot ended without waiting for the disk, which did not answer in time.${files}`,
  );
}
