import { z } from 'zod';
import { UserId } from './protocol.ts';

const shape = {
  /** Colours of the window; `system` follows the desktop. */
  theme: z.enum(['system', 'light', 'dark']),
  /** The label that goes with every session and recording. */
  user_id: UserId,
  /** `deviceId` of the microphone to use; empty: the system's default. */
  microphone_id: z.string().max(256),
};

/** What a person can choose; each has a default, so an empty or damaged file is a fresh start. */
export const Settings = z.object({
  theme: shape.theme.default('system'),
  user_id: shape.user_id.default('me'),
  microphone_id: shape.microphone_id.default(''),
});
export type Settings = z.infer<typeof Settings>;
export const DEFAULT_SETTINGS: Settings = Settings.parse({});

/** A change of some settings; what it leaves out stays as it is. */
export const SettingsPatch = z.object(shape).partial();
export type SettingsPatch = z.infer<typeof SettingsPatch>;
