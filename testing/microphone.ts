import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sound, writeWav } from './audio/wav.ts';

/** The speech that tests use: 3.8 s, with 0.5 s of silence before and after. */
export const VOICE_WAV = join(import.meta.dirname, 'fixtures/voice.wav');

/**
 * The browser's microphone. `wav`: plays this file once when the microphone opens. `beeps`: Chromium's default sound,
 * which never ends. `none`: no device. `system`: the system's devices (pulse-audio.ts).
 */
export type MicrophoneSource = { wav: string } | 'beeps' | 'none' | 'system';

/**
 * `allowed`: granted without a prompt. `denied`: until the test allows it. `app`: the desktop app decides, as for
 * users.
 */
export type MicrophonePermission = 'allowed' | 'denied' | 'app';

/**
 * Returns Chromium's switches for a microphone (media/base/media_switches.cc). A WAV file must have 16 bits and 48 kHz.
 * `%noloop` plays it once, followed by silence.
 */
export function microphoneFlags(source: MicrophoneSource, permission: MicrophonePermission): string[] {
  return [
    ...(source === 'none' || source === 'system' ? [] : ['--use-fake-device-for-media-stream']),
    ...(typeof source === 'object' ? [`--use-file-for-fake-audio-capture=${source.wav}%noloop`] : []),
    ...(permission === 'allowed' ? ['--use-fake-ui-for-media-stream'] : []),
  ];
}

/** Makes a microphone that plays a sound of 48 kHz, and writes the sound's file into `folder`. */
export function microphoneOf(sound: Sound, folder: string, name: string): MicrophoneSource {
  const wav = join(folder, `${name}.wav`);
  writeFileSync(wav, writeWav(sound));
  return { wav };
}
