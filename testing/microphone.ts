import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sound, writeWav } from './audio/wav.ts';

/** The recorded voice of the tests: 3.8 s of speech, with 0.5 s of silence before and after. */
export const VOICE_WAV = join(import.meta.dirname, 'fixtures/voice.wav');

/**
 * The browser's microphone: a WAV file that is played once when the microphone opens; `beeps`: Chromium's endless
 * default sound; `none`: no device; `system`: the devices of the system (pulse-audio.ts).
 */
export type MicrophoneSource = { wav: string } | 'beeps' | 'none' | 'system';

/** `allowed`: without a prompt. `denied`: until the test allows it. `app`: the desktop app decides, as for a user. */
export type MicrophonePermission = 'allowed' | 'denied' | 'app';

/**
 * Chromium's switches for a microphone (media/base/media_switches.cc). A WAV must have 16 bits and 48 kHz; `%noloop`
 * plays it once, followed by silence.
 */
export function microphoneFlags(source: MicrophoneSource, permission: MicrophonePermission): string[] {
  return [
    ...(source === 'none' || source === 'system' ? [] : ['--use-fake-device-for-media-stream']),
    ...(typeof source === 'object' ? [`--use-file-for-fake-audio-capture=${source.wav}%noloop`] : []),
    ...(permission === 'allowed' ? ['--use-fake-ui-for-media-stream'] : []),
  ];
}

/** Makes a microphone that plays a sound at 48 kHz. Writes its file into `folder`. */
export function microphoneOf(sound: Sound, folder: string, name: string): MicrophoneSource {
  const wav = join(folder, `${name}.wav`);
  writeFileSync(wav, writeWav(sound));
  return { wav };
}
