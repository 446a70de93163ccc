import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sound, writeWav } from './audio/wav.ts';

/** The committed voice: 3.8 s of speech between two half seconds of silence. */
export const VOICE_WAV = join(import.meta.dirname, 'fixtures/voice.wav');

/**
 * What the browser's microphone is: a sound that it plays once from the moment it is opened, or
 * `beeps` (Chromium's own, without an end), or `none`: no device, or `system`: those of the system (pulse-audio.ts).
 */
export type MicrophoneSource = { wav: string } | 'beeps' | 'none' | 'system';

/**
 * Whether pages may use it: `allowed` without asking, or `denied` until the test grants it; with `app` the desktop app
 * itself decides, as for a user.
 */
export type MicrophonePermission = 'allowed' | 'denied' | 'app';

/**
 * Chromium's switches for a microphone (media/base/media_switches.cc). A WAV must be 16 bits at 48 kHz; `%noloop`
 * plays it once and is silent after it.
 */
export function microphoneFlags(source: MicrophoneSource, permission: MicrophonePermission): string[] {
  return [
    ...(source === 'none' || source === 'system' ? [] : ['--use-fake-device-for-media-stream']),
    ...(typeof source === 'object' ? [`--use-file-for-fake-audio-capture=${source.wav}%noloop`] : []),
    ...(permission === 'allowed' ? ['--use-fake-ui-for-media-stream'] : []),
  ];
}

/** Makes a microphone of a sound at 48 kHz; its file lies in `folder`. */
export function microphoneOf(sound: Sound, folder: string, name: string): MicrophoneSource {
  const wav = join(folder, `${name}.wav`);
  writeFileSync(wav, writeWav(sound));
  return { wav };
}
