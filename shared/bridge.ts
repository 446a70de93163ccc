import { z } from 'zod';
import { DesktopState, MicCommand, UpdateStep } from './desktop.ts';
import { Health } from './health.ts';
import { LogDraft, LogRecord } from './log-event.ts';
import { SessionId } from './protocol.ts';
import { RecordingInfo } from './recording.ts';
import { Settings, SettingsPatch } from './settings.ts';

/**
 * The contract between a window and its host, declared once. From it come the typed handlers in `main`, the typed
 * `window.earshot` in the renderer, the preload's surface and the typed fake for tests.
 * Two transports carry it: Electron IPC, and a socket at `/ws/bridge` for a browser tab.
 */
export const BRIDGE_PROTOCOL = 'earshot-bridge.v1';
export const BRIDGE_PATH = '/ws/bridge';
/** Where the page finds recordings, beside itself: `/recordings/<signature>/<id>.wav`. */
export const RECORDINGS_PATH = '/recordings/';
/** Most log drafts in one `appendLog`. */
export const MAX_LOG_BATCH = 200;

/** Where the voice server is, and the secret that opens it. */
export const VoiceAddress = z.object({
  /** `ws://<name>:<port>/ws/voice`, or null while the voice server is down. */
  url: z.string().nullable(),
  /** This launch's secret: never in a URL, a log or a file. Empty on the socket of a tab, which has it already: it never travels. */
  token: z.string(),
  /** False: another connection would be refused with 503, the server is full. */
  accepting: z.boolean(),
});
export type VoiceAddress = z.infer<typeof VoiceAddress>;

export const AppInfo = z.object({
  version: z.string(),
  /** Where the window lives. */
  shell: z.enum(['desktop', 'tab']),
  platform: z.string(),
  data_dir: z.string(),
});
export type AppInfo = z.infer<typeof AppInfo>;

const RecordingFailure = z.object({
  session_id: z.string(),
  code: z.string(),
  /** What happened and what to do, for a person. */
  message: z.string(),
});

/**
 * Relative to the page: `recordings/<signature>/<id>.wav`. It answers GET and HEAD, by ranges of bytes (RFC 9110 section 14).
 * The signature is the host's own for this id; without a bridge nobody can make it.
 */
const RecordingUrl = z.string().regex(/^recordings\/[A-Za-z0-9_-]{43}\/[A-Za-z0-9_-]{1,128}\.wav$/);
/** Most sessions of one turn that a page names: a connection that breaks may be followed by a new session each time. */
export const MAX_TURN_SESSIONS = 100;

/** The result of a turn whose page was reloaded, left or crashed before the turn had ended. */
export const InterruptedTurn = z.object({
  /** `connected`: another page speaks for it, and nothing was changed. `saving`: the disk has not answered yet. */
  state: z.enum(['ended', 'saving', 'connected']),
  /** What is on disk of it, oldest first. */
  recordings: z.array(RecordingInfo),
  /** Why it could not be saved, or not all of it, and what to do; null where nothing went wrong. */
  failure: z.string().nullable(),
});
export type InterruptedTurn = z.infer<typeof InterruptedTurn>;

const RecordingDelay = z.object({
  session_id: z.string(),
  /** Why it is kept in memory and not on the disk yet, and what to do; null: it is on the disk again. */
  message: z.string().nullable(),
});

/**
 * What goes with a page that goes away. `listening`: the turn; `undelivered`: the last words too, which are in the page alone
 * for as long as there is no connection, or until they are delivered.
 */
export const TurnReport = z.enum(['none', 'listening', 'undelivered']);
export type TurnReport = z.infer<typeof TurnReport>;

const DiscardedTurn = z.object({
  session_id: z.string(),
  /** Which turn of the session, from 1. */
  turn: z.int().min(1),
  /** How much was recorded, in seconds. */
  duration_s: z.number().min(0),
});

const nothing = z.void();

/** A window asks, the host answers. */
export const BRIDGE_CALLS = {
  getAppInfo: { args: nothing, result: AppInfo },
  getVoiceAddress: { args: nothing, result: VoiceAddress },
  getSettings: { args: nothing, result: Settings },
  changeSettings: { args: SettingsPatch, result: Settings },
  /** The window's own events, oldest first, in batches at most 50 ms old. */
  appendLog: { args: z.array(LogDraft).max(MAX_LOG_BATCH), result: nothing },
  /** What the bus still holds, oldest first. `onLogRecords` goes on after it without a hole. */
  getLogHistory: { args: nothing, result: z.array(LogRecord) },
  /** Newest first. */
  listRecordings: { args: nothing, result: z.array(RecordingInfo) },
  /** Where this page can play a recording from, or save it; until the host ends. Fails with `no_such_recording`. */
  getRecordingUrl: { args: z.object({ id: RecordingInfo.shape.id }), result: z.object({ url: RecordingUrl }) },
  /**
   * Asked by the page that comes after one which went away during a turn. A session that is still kept for the former page
   * ends at once, since nobody has its resume token any more. Answers when its recording is finished, after about 4 s at most.
   */
  endInterruptedTurn: {
    args: z.object({ session_ids: z.array(SessionId).max(MAX_TURN_SESSIONS) }),
    result: InterruptedTurn,
  },
  /** Where the turn of this page stands, at each change: the desktop app asks before it closes a window that is in one. */
  reportTurn: { args: TurnReport, result: nothing },
  getHealth: { args: nothing, result: Health },
  /** The same, for a window that shows them: it asks again every few seconds, and the event loop is measured as long. */
  watchHealth: { args: nothing, result: Health },
  /** Another window of this instance. False: the host can't, the window must open it itself (a browser tab). */
  openWindow: { args: nothing, result: z.boolean() },
  /** Of the desktop app; a browser tab fails with `no_desktop`. */
  getDesktop: { args: nothing, result: DesktopState },
  /** What the system calls its default microphone, where the browser does not name it (Linux); empty: not known. */
  getDefaultMicrophone: { args: nothing, result: z.object({ label: z.string() }) },
  /** Starts the audio process of the desktop app anew. False: this shell has none, as a browser tab. */
  restartAudio: { args: nothing, result: z.boolean() },
  /** The system's own page on who may use the microphone. False: this shell or system has none. */
  openMicrophoneSettings: { args: nothing, result: z.boolean() },
  /** Fails with `update_busy` during a turn, and with `no_update` where there is nothing for this step to do. */
  stepUpdate: { args: UpdateStep, result: nothing },
} as const satisfies Record<string, { args: z.ZodType; result: z.ZodType }>;

/** The host tells every window. */
export const BRIDGE_EVENTS = {
  onLogRecords: z.array(LogRecord),
  onVoiceAddress: VoiceAddress,
  onRecordingSaved: RecordingInfo,
  /** What was said in this session could not be kept, or not all of it. */
  onRecordingFailed: RecordingFailure,
  /** What was said in this session is saved; only the JSON beside it could not be written. */
  onDescriptionMissing: RecordingFailure,
  /** What is said in this session can't be written at the moment, or is written again. */
  onRecordingDelayed: RecordingDelay,
  /** The turn was shorter than `MIN_RECORDING_MS`, and the settings don't ask for such: no file of it is left. */
  onRecordingDiscarded: DiscardedTurn,
  onSettings: Settings,
  /** At most once a second, and only when another figure than the event loop's delay has changed. */
  onHealth: Health,
  onDesktop: DesktopState,
  /** To one window, or for `stop` to all: only those that listen have something to do. */
  onMicCommand: MicCommand,
} as const satisfies Record<string, z.ZodType>;

/** Only the desktop shell tells of these, through its preload. A tab's socket carries none of them, and a tab obeys none. */
export const SHELL_EVENTS: ReadonlySet<string> = new Set(['onMicCommand', 'onDesktop'] satisfies BridgeEventName[]);

export type BridgeCallName = keyof typeof BRIDGE_CALLS;
export type BridgeEventName = keyof typeof BRIDGE_EVENTS;
export type BridgeArgs<Name extends BridgeCallName> = z.infer<(typeof BRIDGE_CALLS)[Name]['args']>;
export type BridgeResult<Name extends BridgeCallName> = z.infer<(typeof BRIDGE_CALLS)[Name]['result']>;
export type BridgePayload<Name extends BridgeEventName> = z.infer<(typeof BRIDGE_EVENTS)[Name]>;
export type Unsubscribe = () => void;

/** A failed call as a value, so that no transport adds words of its own to the message. */
export const BridgeFailure = z.object({ code: z.string(), message: z.string() });
export type BridgeAnswer = { ok: true; value: unknown } | { ok: false; error: z.infer<typeof BridgeFailure> };

/** `window.earshot`: a function a call, a subscription an event. Calls reject with `EarshotError`. */
export type Bridge = {
  [Name in BridgeCallName]: (args: BridgeArgs<Name>) => Promise<BridgeResult<Name>>;
} & {
  [Name in BridgeEventName]: (listener: (payload: BridgePayload<Name>) => void) => Unsubscribe;
};

/** What the host implements. Arguments are already parsed. */
export type BridgeHandlers = {
  [Name in BridgeCallName]: (args: BridgeArgs<Name>) => BridgeResult<Name> | Promise<BridgeResult<Name>>;
};

/** What the host tells its windows, in one type. */
export type BridgeNotify = <Name extends BridgeEventName>(event: Name, payload: BridgePayload<Name>) => void;
