import { z } from 'zod';
import { FLOOR_DBFS } from './level.ts';
import { SessionId } from './protocol.ts';
import { MAX_WAV_SECONDS } from './recording.ts';

/** State of an update. It advances only at the user's request, and never during a turn. */
export const UpdateState = z.discriminatedUnion('state', [
  /** There is no update, or updates are not checked: see `why_no_updates`. */
  z.object({ state: z.literal('none') }),
  z.object({ state: z.literal('available'), version: z.string() }),
  z.object({ state: z.literal('downloading'), version: z.string(), percent: z.number().min(0).max(100) }),
  /** Downloaded and verified; a restart installs it. */
  z.object({
    state: z.literal('ready'),
    version: z.string(),
    /** The installation was postponed because a turn had started. */
    held: z.literal(true).optional(),
  }),
  /** The app restarts once the system has verified the update, unless a turn is in progress by then. */
  z.object({ state: z.literal('installing'), version: z.string() }),
  /** The message is a sentence that says what to do. */
  z.object({ state: z.literal('failed'), message: z.string() }),
]);
export type UpdateState = z.infer<typeof UpdateState>;

/** Effective state of the settings that only the desktop app has. */
export const DesktopState = z.object({
  /** `refused`: the system or another program uses these keys. */
  shortcut: z.enum(['off', 'on', 'refused']),
  /** As reported by the system. `unsupported`: the build is not packaged. */
  login: z.enum(['off', 'on', 'unsupported']),
  update: UpdateState,
  /**
   * Why updates are not checked. Without packaging and signing, the origin of an update can't be verified. Null:
   * checked.
   */
  why_no_updates: z.enum(['not_packaged', 'not_signed', 'unsupported']).nullable(),
});
export type DesktopState = z.infer<typeof DesktopState>;

/**
 * A command from outside the window: the global shortcut, the tray, the menu or the command line. `stop`, `cancel`,
 * `pause` and `continue` go to all windows, the others to one.
 */
export const MicCommand = z.enum([
  'toggle',
  'start',
  'stop',
  'cancel',
  'pause',
  'continue',
  'toggle_pause',
  'toggle_mute',
]);
export type MicCommand = z.infer<typeof MicCommand>;

/** Maximum number of a request for the status. */
const MAX_REQUEST = 1_000_000_000;
export const StatusRequest = z.int().min(1).max(MAX_REQUEST);

/**
 * What the turn of a window does, for its title, the tray, the task bar and the overlay. `waiting`: for the microphone
 * or the connection, nothing has been heard yet. `no_sound`: the turn runs, but the microphone gives silence, noise or
 * nothing. `muted`: by the user, in Earshot. `reconnecting`: there is no connection, and the sound is kept.
 */
export const TalkState = z.enum(['off', 'waiting', 'recording', 'no_sound', 'muted', 'paused', 'reconnecting']);
export type TalkState = z.infer<typeof TalkState>;

/** Reported by a page at each change, for the task bar and the overlay. */
export const TalkReport = z.object({
  talk: TalkState,
  /** Length of the turn so far without its pauses, in seconds; null: nothing has been heard, or there is no turn. */
  seconds: z.number().min(0).max(MAX_WAV_SECONDS).nullable(),
});
export type TalkReport = z.infer<typeof TalkReport>;

/** A level in dBFS; -96 for digital silence. */
export const LevelReport = z.number().min(FLOOR_DBFS).max(0);

/** What a window does, for `--status` on the command line. */
export const WindowReport = z.object({
  /** The request that this answers. */
  request: StatusRequest,
  state: z.enum(['idle', 'connecting', 'listening', 'paused', 'reconnecting', 'stopping', 'error']),
  /** Length of the turn so far without its pauses; null: nothing has been heard in this turn, or there is none. */
  seconds: z.number().min(0).max(MAX_WAV_SECONDS).nullable(),
  /** The session of the turn; null: there is none yet. */
  session: SessionId.nullable(),
  /** Peak of the last 20 ms, -96 for digital silence; null: the microphone is not open, or paused. */
  level_dbfs: LevelReport.nullable(),
});
export type WindowReport = z.infer<typeof WindowReport>;

/** The next step of an update: `download` the available version, or restart to `install` the downloaded one. */
export const UpdateStep = z.enum(['download', 'install']);
export type UpdateStep = z.infer<typeof UpdateStep>;
