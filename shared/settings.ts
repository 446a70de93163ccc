import { z } from 'zod';
import { UserId } from './protocol.ts';

/**
 * The keys of a global shortcut as Electron names them, modifiers first: `CommandOrControl+Shift+M`, `F8`. A single letter
 * without a modifier would take that letter from every other program.
 */
export const Accelerator = z
  .string()
  // All eight modifiers with the longest key are 71; a modifier may be repeated, so that the pattern alone has no end.
  .max(80)
  .regex(
    /^(?:(?:Command|Control|CommandOrControl|Alt|Option|Shift|Super|Meta)\+)+(?:[A-Z0-9]|F(?:[1-9]|1\d|2[0-4])|Space|Up|Down|Left|Right|Home|End|PageUp|PageDown|Insert|Delete)$|^F(?:[1-9]|1\d|2[0-4])$/,
  );

const shape = {
  /** Colours of the window; `system` follows the desktop. */
  theme: z.enum(['system', 'light', 'dark']),
  /** The label that goes with every session and recording. */
  user_id: UserId,
  /** `deviceId` of the microphone to use; empty: the system's default. */
  microphone_id: z.string().max(256),
  /** Saves recordings shorter than `MIN_RECORDING_MS` too. */
  keep_short_recordings: z.boolean(),
  /** The channel that is heard of a microphone with several, from 1; 0: the one that carries the sound. */
  microphone_channel: z.int().min(0).max(32),
  /** What it was called when it was chosen, by which it is found again under a new id; empty: not known. */
  microphone_label: z.string().max(256),
  /** Presses the mic from any program; empty: off. Of the desktop app, as all below. */
  shortcut: z.union([z.literal(''), Accelerator]),
  /** Starts Earshot with the session of whoever logs in. */
  start_at_login: z.boolean(),
  /** Tells what happened to a recording while no window is to be seen. */
  notifications: z.boolean(),
  /** Looks for a newer version at the start and once a day; nothing is downloaded without being asked for. */
  check_for_updates: z.boolean(),
};

/** What a person can choose; each has a default, so an empty or damaged file is a fresh start. */
export const Settings = z.object({
  theme: shape.theme.default('system'),
  user_id: shape.user_id.default('me'),
  microphone_id: shape.microphone_id.default(''),
  keep_short_recordings: shape.keep_short_recordings.default(false),
  microphone_channel: shape.microphone_channel.default(0),
  microphone_label: shape.microphone_label.default(''),
  shortcut: shape.shortcut.default(''),
  start_at_login: shape.start_at_login.default(false),
  notifications: shape.notifications.default(true),
  check_for_updates: shape.check_for_updates.default(true),
});
export type Settings = z.infer<typeof Settings>;
export const DEFAULT_SETTINGS: Settings = Settings.parse({});

/** A change of some settings; what it leaves out stays as it is. */
export const SettingsPatch = z.object(shape).partial();
export type SettingsPatch = z.infer<typeof SettingsPatch>;
