import { z } from 'zod';
import { LANGUAGES } from './language.ts';
import { UserId } from './protocol.ts';
import { RETENTION_DEFAULTS, retentionShape } from './retention.ts';

/**
 * A global shortcut in Electron's syntax, modifiers first: `CommandOrControl+Shift+M`, `F8`. A single letter requires a
 * modifier, because otherwise no other program could receive that letter.
 */
export const Accelerator = z
  .string()
  // All eight modifiers and the longest key are 71 characters. The pattern alone is unbounded, since modifiers may
  // repeat.
  .max(80)
  .regex(
    /^(?:(?:Command|Control|CommandOrControl|Alt|Option|Shift|Super|Meta)\+)+(?:[A-Z0-9]|F(?:[1-9]|1\d|2[0-4])|Space|Up|Down|Left|Right|Home|End|PageUp|PageDown|Insert|Delete)$|^F(?:[1-9]|1\d|2[0-4])$/,
  );

/** A shortcut within the window: also Space alone, since it is only used where no field has the focus. Empty: none. */
const WindowKeys = z.union([z.literal(''), z.literal('Space'), Accelerator]);

const shape = {
  /** Colours of the window; `system` follows the desktop. */
  theme: z.enum(['system', 'light', 'dark']),
  /** Language of all texts; `system` follows the system, or in a tab the browser. */
  language: z.enum(['system', ...LANGUAGES]),
  /** Show the log in the window. */
  log_open: z.boolean(),
  /** `plain`: the log in sentences, without technical lines. */
  log_detail: z.enum(['plain', 'everything']),
  /** The log's search leaves out lines that do not match. */
  log_only_matches: z.boolean(),
  /** Label of every session and recording. */
  user_id: UserId,
  /** `deviceId` of the microphone to use; empty: the system's default. */
  microphone_id: z.string().max(256),
  /** Also save recordings shorter than `MIN_RECORDING_MS`. */
  keep_short_recordings: z.boolean(),
  /** Play a short sound when recording starts, stops or loses its connection. */
  sounds: z.boolean(),
  /** Length (minutes) after which a turn ends by itself; 0: no limit. */
  turn_limit_minutes: z.int().min(0).max(1_440),
  /** Which recordings are kept; older ones are deleted after each recording and at the start. */
  ...retentionShape,
  /** Channel to record of a multichannel microphone, from 1; 0: selected automatically. */
  microphone_channel: z.int().min(0).max(32),
  /** Label of the chosen microphone, to find it again under a new id; empty: not known. */
  microphone_label: z.string().max(256),
  /** The browser's processing of the microphone's sound; all off: the recording is what the microphone delivers. */
  echo_cancellation: z.boolean(),
  noise_suppression: z.boolean(),
  automatic_gain: z.boolean(),
  /** `deviceId` of the device that plays recordings; empty: the system's default. */
  output_id: z.string().max(256),
  /** Label of that device, to find it again under a new id; empty: not known. */
  output_label: z.string().max(256),
  /** The first steps were finished or skipped. */
  first_steps_done: z.boolean(),
  /** Shortcuts within the window. Press or hold to talk. */
  key_talk: WindowKeys,
  /** Pause or continue. */
  key_pause: WindowKeys,
  key_mute: WindowKeys,
  /** Show or hide the log. */
  key_log: WindowKeys,
  key_new_window: WindowKeys,
  /** Search the recordings. */
  key_search: WindowKeys,
  /** Global shortcut for the mic button; empty: off. Desktop app only, like the settings below. */
  shortcut: z.union([z.literal(''), Accelerator]),
  /** Start Earshot when the user logs in. */
  start_at_login: z.boolean(),
  /** Show the result of a recording while no window is visible. */
  notifications: z.boolean(),
  /** Show the overlay while a window listens that can't be seen. */
  overlay: z.boolean(),
  /** Check for updates at startup and once a day; nothing is downloaded without the user's consent. */
  check_for_updates: z.boolean(),
};

/** The user's settings. All have defaults, so an empty object is valid. */
export const Settings = z.object({
  theme: shape.theme.default('system'),
  language: shape.language.default('system'),
  log_open: shape.log_open.default(false),
  log_detail: shape.log_detail.default('plain'),
  log_only_matches: shape.log_only_matches.default(true),
  user_id: shape.user_id.default('me'),
  microphone_id: shape.microphone_id.default(''),
  keep_short_recordings: shape.keep_short_recordings.default(false),
  sounds: shape.sounds.default(false),
  turn_limit_minutes: shape.turn_limit_minutes.default(0),
  retention: shape.retention.default(RETENTION_DEFAULTS.retention),
  retention_days: shape.retention_days.default(RETENTION_DEFAULTS.retention_days),
  retention_number: shape.retention_number.default(RETENTION_DEFAULTS.retention_number),
  retention_mb: shape.retention_mb.default(RETENTION_DEFAULTS.retention_mb),
  microphone_channel: shape.microphone_channel.default(0),
  microphone_label: shape.microphone_label.default(''),
  echo_cancellation: shape.echo_cancellation.default(false),
  noise_suppression: shape.noise_suppression.default(false),
  automatic_gain: shape.automatic_gain.default(false),
  output_id: shape.output_id.default(''),
  output_label: shape.output_label.default(''),
  first_steps_done: shape.first_steps_done.default(false),
  key_talk: shape.key_talk.default('Space'),
  key_pause: shape.key_pause.default('Alt+P'),
  key_mute: shape.key_mute.default('Alt+M'),
  key_log: shape.key_log.default('Alt+L'),
  key_new_window: shape.key_new_window.default('CommandOrControl+N'),
  key_search: shape.key_search.default('CommandOrControl+K'),
  shortcut: shape.shortcut.default(''),
  start_at_login: shape.start_at_login.default(false),
  notifications: shape.notifications.default(true),
  overlay: shape.overlay.default(true),
  check_for_updates: shape.check_for_updates.default(true),
});
export type Settings = z.infer<typeof Settings>;
export const DEFAULT_SETTINGS: Settings = Settings.parse({});

/** A change of some settings; omitted ones keep their value. */
export const SettingsPatch = z.object(shape).partial();
export type SettingsPatch = z.infer<typeof SettingsPatch>;

/** Why the settings file could not be used as it is, and where it is now. */
export const SettingsProblem = z.object({
  /**
   * `damaged`, `newer` (written by a later version), `unsafe` (not a file of the user): renamed. `wrong_values`: copied
   * before they were replaced. `unreadable`, `not_kept`: still in its place, unchanged.
   */
  kind: z.enum(['damaged', 'wrong_values', 'newer', 'unsafe', 'unreadable', 'not_kept']),
  /** Absolute path. */
  file: z.string(),
});
export type SettingsProblem = z.infer<typeof SettingsProblem>;
