import { z } from 'zod';
import {
  DesktopState,
  LevelReport,
  MicCommand,
  StatusRequest,
  TalkReport,
  UpdateStep,
  WindowReport,
} from './desktop.ts';
import { Health } from './health.ts';
import { LogDraft, LogRecord } from './log-event.ts';
import { SessionId } from './protocol.ts';
import { RecordingInfo } from './recording.ts';
import { DownloadRef, DownloadReport, DraggedRecordings, ShownFile } from './recording-files.ts';
import { ImportId, ImportStart, ImportTarget } from './recording-import.ts';
import {
  ChangeResult,
  Description,
  ListQuery,
  RecordingIds,
  RecordingPage,
  RemovedRecordings,
  RetentionPreview,
  RetentionQuery,
  TrimRange,
  Waveform,
  WaveformQuery,
} from './recording-library.ts';
import { RecordingsFolder } from './recordings-folder.ts';
import { Settings, SettingsPatch, SettingsProblem } from './settings.ts';

/**
 * The contract between a window and its host. The handlers in `main`, `window.earshot` in the renderer, the preload and
 * the fakes for tests derive their types from it. It has two transports: Electron IPC, and a WebSocket at `/ws/bridge`
 * for a browser tab.
 */
export const BRIDGE_PROTOCOL = 'earshot-bridge.v1';
export const BRIDGE_PATH = '/ws/bridge';
/** Path of recordings on the page's origin: `/recordings/<signature>/<id>.wav`. */
export const RECORDINGS_PATH = '/recordings/';
/** Maximum number of log drafts in one `appendLog`. */
export const MAX_LOG_BATCH = 200;
/** Maximum number of records in one answer of `getLogHistory`: neither side is busy with it for more than 10 ms. */
export const MAX_HISTORY_PAGE = 1_000;

/** Address of the voice server, and the secret for it. */
export const VoiceAddress = z.object({
  /** `ws://<name>:<port>/ws/voice`, or null while the voice server is down. */
  url: z.string().nullable(),
  /**
   * The launch's secret; never put it in a URL, a log or a file. Empty on a tab's socket, because the tab already has
   * it.
   */
  token: z.string(),
  /** False: the server is full and refuses connections with 503. */
  accepting: z.boolean(),
});
export type VoiceAddress = z.infer<typeof VoiceAddress>;

export const AppInfo = z.object({
  version: z.string(),
  /** The program that shows the window. */
  shell: z.enum(['desktop', 'tab']),
  platform: z.string(),
  data_dir: z.string(),
  /**
   * The system's languages (BCP 47, preferred first), and its locale of dates and numbers, which is a setting of its own
   * on Windows and macOS. Null: only the browser knows them.
   */
  system: z.object({ languages: z.array(z.string()), locale: z.string() }).nullable(),
});
export type AppInfo = z.infer<typeof AppInfo>;

const RecordingFailure = z.object({
  session_id: z.string(),
  code: z.string(),
  /** What happened and what to do, for the user. */
  message: z.string(),
});

/**
 * URL relative to the page: `recordings/<signature>/<id>.wav`. Supports GET, HEAD and byte ranges (RFC 9110 section
 * 14). The host signs the id, so a URL can only be obtained over the bridge.
 */
const RecordingUrl = z.string().regex(/^recordings\/[A-Za-z0-9_-]{43}\/[A-Za-z0-9_-]{1,128}\.wav$/);
/** Maximum number of sessions of one turn in a call. Each lost connection may lead to a new session. */
export const MAX_TURN_SESSIONS = 100;

/** The result of a turn whose page was reloaded, left or crashed during the turn. */
export const InterruptedTurn = z.object({
  /** `connected`: another page is connected to the session; nothing was changed. `saving`: still writing to disk. */
  state: z.enum(['ended', 'saving', 'connected']),
  /** Its recordings on disk, oldest first. */
  recordings: z.array(RecordingInfo),
  /** Why all or part of it could not be saved, and what to do; null if nothing went wrong. */
  failure: z.string().nullable(),
});
export type InterruptedTurn = z.infer<typeof InterruptedTurn>;

const RecordingDelay = z.object({
  session_id: z.string(),
  /** Why the audio is in memory and not on disk yet, and what to do; null: writing to disk has resumed. */
  message: z.string().nullable(),
});

/**
 * What is interrupted or lost when the page closes. `listening`: the turn is interrupted. `undelivered`: audio that
 * exists only in the page is lost as well, because there is no connection or it has not been delivered yet.
 */
export const TurnReport = z.enum(['none', 'listening', 'undelivered']);
export type TurnReport = z.infer<typeof TurnReport>;

const DiscardedTurn = z.object({
  session_id: z.string(),
  /** Number of the turn in the session, from 1. */
  turn: z.int().min(1),
  /** Length of the recorded audio, in seconds. */
  duration_s: z.number().min(0),
});

const none = z.void();

/** Calls from a window to the host. */
export const BRIDGE_CALLS = {
  getAppInfo: { args: none, result: AppInfo },
  getVoiceAddress: { args: none, result: VoiceAddress },
  getSettings: { args: none, result: Settings },
  changeSettings: { args: SettingsPatch, result: Settings },
  /** What was wrong with the settings file, for the first window that asks; later null. */
  takeSettingsProblem: { args: none, result: z.object({ problem: SettingsProblem.nullable() }) },
  /** The window's own events, oldest first, in batches at most 50 ms old. */
  appendLog: { args: z.array(LogDraft).max(MAX_LOG_BATCH), result: none },
  /**
   * A page of the records in the bus's history, oldest first: the newest ones, which `onLogRecords` continues without a
   * gap, or the newest of those before a `seq`. Empty: there are no older ones.
   */
  getLogHistory: {
    args: z.union([none, z.object({ before: LogRecord.shape.seq })]),
    result: z.array(LogRecord).max(MAX_HISTORY_PAGE),
  },
  /** Shows the log file in the file manager. A browser tab's host can't, and returns the path instead. */
  showLogFile: { args: none, result: ShownFile },
  /**
   * One page of the recordings, newest first. Until the folder has been read once, a recording that belongs to an
   * earlier page may be found later: `onRecordingChanged` then reports it.
   */
  listRecordings: { args: ListQuery, result: RecordingPage },
  /** Sets title and note. Fails with `no_such_recording`, `recording_in_progress`, `disk_full`, `description_not_written`. */
  describeRecording: { args: Description, result: RecordingInfo },
  /** Deletes recordings. `restoreRecordings` undoes it for `UNDO_MS`, or until the next start. */
  deleteRecordings: { args: RecordingIds, result: ChangeResult },
  restoreRecordings: { args: RecordingIds, result: ChangeResult },
  /** Fails with `no_such_recording`, or with `bad_wav` if the file is damaged or has another format. */
  getWaveform: { args: WaveformQuery, result: Waveform },
  /** What a retention policy would delete now. */
  previewRetention: { args: RetentionQuery, result: RetentionPreview },
  getRecordingsFolder: { args: none, result: RecordingsFolder },
  /** Opens the folder in the file manager. False: not supported, as in a browser tab. */
  openRecordingsFolder: { args: none, result: z.boolean() },
  /**
   * Lets the user choose another folder in the system's dialog, then begins to move the recordings. False: cancelled.
   * Fails with `no_desktop` in a browser tab, and with the reason why the folder can't be used.
   */
  chooseRecordingsFolder: { args: none, result: z.boolean() },
  /** Begins to move the recordings to the folder in the data folder. Fails as `chooseRecordingsFolder`. */
  useDefaultRecordingsFolder: { args: none, result: none },
  cancelRecordingsMove: { args: none, result: none },
  /** Saves a part of a recording as a new one. Fails with `bad_range`, `bad_wav`, `disk_full`, `trim_failed` and others. */
  trimRecording: { args: TrimRange, result: RecordingInfo },
  /** URL for playing or saving a recording, valid until the host exits. Fails with `no_such_recording`. */
  getRecordingUrl: { args: z.object({ id: RecordingInfo.shape.id }), result: z.object({ url: RecordingUrl }) },
  /**
   * Shows a recording's file in the file manager. A browser tab's host can't, and returns the path instead. Fails with
   * `no_such_recording` and others.
   */
  showRecording: { args: z.object({ id: RecordingInfo.shape.id }), result: ShownFile },
  /**
   * Continues a drag in this window with the files of finished recordings, which other programs can then take. Desktop
   * app only; fails with `no_desktop`, `drag_during_turn`, `drag_late`, `no_such_recording` and others.
   */
  dragRecordings: { args: DraggedRecordings, result: none },
  /**
   * Asks the user for the folder of several files. False: the user cancelled. In a browser tab always true: the browser
   * has a folder of its own.
   */
  chooseSaveFolder: { args: none, result: z.boolean() },
  /** The next file that this window saves goes to that folder, under a name that no file has. Does nothing in a tab. */
  saveNextToFolder: { args: none, result: none },
  /** Ends a download of this window. Does nothing if it has ended already, and in a tab. */
  cancelDownload: { args: DownloadRef, result: none },
  /** Shows a saved file of this window in the file manager. Fails with `no_such_file`, or `no_desktop` in a tab. */
  showDownload: { args: DownloadRef, result: none },
  /**
   * Begins the import of an audio file: the page uploads its samples in pieces to the URL, then calls `finishImport`.
   * Fails with `import_busy`, `disk_full`, `import_failed`.
   */
  beginImport: { args: ImportStart, result: ImportTarget },
  /**
   * Makes the uploaded samples a recording. `onRecordingSaved` and `onRecordingChanged` follow in
   * every window. Fails with `no_such_import`,
   * `import_empty`, `disk_full`, `import_failed`: nothing is kept then.
   */
  finishImport: { args: z.object({ id: ImportId }), result: RecordingInfo },
  /** Ends an import and removes what was uploaded. Does nothing if it has ended already. */
  cancelImport: { args: z.object({ id: ImportId }), result: none },
  /**
   * Ends a turn that the previous page of this window left unfinished. A session that waits for that page ends
   * immediately, because its resume token is lost. Answers when the recording is finished, after at most about 4 s.
   */
  endInterruptedTurn: {
    args: z.object({ session_ids: z.array(SessionId).max(MAX_TURN_SESSIONS) }),
    result: InterruptedTurn,
  },
  /** Reports each change of this page's turn. The desktop app asks before it closes a window during a turn. */
  reportTurn: { args: TurnReport, result: none },
  /** Reports each change of what this page's turn does. The desktop app shows it in the task bar and the overlay. */
  reportTalk: { args: TalkReport, result: none },
  /** Peak level in dBFS, about 16 times a second while `onLevelsWanted` has asked for it. */
  reportLevel: { args: LevelReport, result: none },
  /** Answers `onStatusRequest`. */
  reportStatus: { args: WindowReport, result: none },
  getHealth: { args: none, result: Health },
  /** Like `getHealth`, for a window that displays it: repeated calls keep the measurement of the event loop running. */
  watchHealth: { args: none, result: Health },
  /** Opens another window of this instance. False: the host can't; a browser tab must open it itself. */
  openWindow: { args: none, result: z.boolean() },
  /** Desktop app only; fails with `no_desktop` in a browser tab. */
  getDesktop: { args: none, result: DesktopState },
  /** The system's name of its default microphone, where the browser does not provide it (Linux); empty: not known. */
  getDefaultMicrophone: { args: none, result: z.object({ label: z.string() }) },
  /** Restarts the audio process of the desktop app. False: not supported, for example in a browser tab. */
  restartAudio: { args: none, result: z.boolean() },
  /** Opens the system's microphone permission settings. False: not supported by this shell or system. */
  openMicrophoneSettings: { args: none, result: z.boolean() },
  /** Fails with `update_busy` during a turn, and with `no_update` if the step does not apply. */
  stepUpdate: { args: UpdateStep, result: none },
} as const satisfies Record<string, { args: z.ZodType; result: z.ZodType }>;

/** Events from the host, sent to every window. */
export const BRIDGE_EVENTS = {
  onLogRecords: z.array(LogRecord),
  onVoiceAddress: VoiceAddress,
  onRecordingSaved: RecordingInfo,
  /** A recording is new, or its data have changed. Also sent after `onRecordingSaved`. */
  onRecordingChanged: RecordingInfo,
  onRecordingsRemoved: RemovedRecordings,
  onRecordingsFolder: RecordingsFolder,
  /** All or part of the session's audio could not be saved. */
  onRecordingFailed: RecordingFailure,
  /** The session's audio is saved, but its JSON file could not be written. */
  onDescriptionMissing: RecordingFailure,
  /** Writing the session's audio to disk is delayed, or has resumed. */
  onRecordingDelayed: RecordingDelay,
  /** The turn was shorter than `MIN_RECORDING_MS` and was discarded according to the settings. */
  onRecordingDiscarded: DiscardedTurn,
  onSettings: Settings,
  /** At most once a second, and only when a value other than the event loop delay has changed. */
  onHealth: Health,
  onDesktop: DesktopState,
  /** Sent to one window; `stop`, `cancel`, `pause` and `continue` are sent to all, and only affect those that are recording. */
  onMicCommand: MicCommand,
  /** The command line asks what the windows do. Each answers with `reportStatus`. */
  onStatusRequest: StatusRequest,
  /** Sent to one window: whether to call `reportLevel`, because the overlay shows its turn. */
  onLevelsWanted: z.boolean(),
  /** Sent to the window that saves a file: when it begins, and when it ends. */
  onDownload: DownloadReport,
} as const satisfies Record<string, z.ZodType>;

/**
 * Events that only the desktop shell sends, through its preload. A tab's socket does not carry them, and tabs ignore
 * them.
 */
export const SHELL_EVENTS: ReadonlySet<string> = new Set([
  'onMicCommand',
  'onStatusRequest',
  'onLevelsWanted',
  'onDesktop',
  'onDownload',
] satisfies BridgeEventName[]);

export type BridgeCallName = keyof typeof BRIDGE_CALLS;
export type BridgeEventName = keyof typeof BRIDGE_EVENTS;
export type BridgeArgs<Name extends BridgeCallName> = z.infer<(typeof BRIDGE_CALLS)[Name]['args']>;
export type BridgeResult<Name extends BridgeCallName> = z.infer<(typeof BRIDGE_CALLS)[Name]['result']>;
export type BridgePayload<Name extends BridgeEventName> = z.infer<(typeof BRIDGE_EVENTS)[Name]>;
export type Unsubscribe = () => void;

/** A failed call, as a value so that no transport changes the message. */
export const BridgeFailure = z.object({ code: z.string(), message: z.string() });
export type BridgeAnswer = { ok: true; value: unknown } | { ok: false; error: z.infer<typeof BridgeFailure> };

/** `window.earshot`: one function per call and one subscription per event. Calls reject with `EarshotError`. */
export type Bridge = {
  [Name in BridgeCallName]: (args: BridgeArgs<Name>) => Promise<BridgeResult<Name>>;
} & {
  [Name in BridgeEventName]: (listener: (payload: BridgePayload<Name>) => void) => Unsubscribe;
};

/** The host's implementation of the calls. Arguments are already parsed. */
export type BridgeHandlers = {
  [Name in BridgeCallName]: (args: BridgeArgs<Name>) => BridgeResult<Name> | Promise<BridgeResult<Name>>;
};

/** Sends an event to the windows. */
export type BridgeNotify = <Name extends BridgeEventName>(event: Name, payload: BridgePayload<Name>) => void;
