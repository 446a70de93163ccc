import type { SavedRecording } from '../../testing/data-dir.ts';
import { type PulseAudio, pulseAudioMissing, startPulseAudio } from './pulse-audio.ts';
import { type App, test as base } from './test.ts';
import type { EarshotWindow } from './window.ts';

/**
 * Playwright's `test` with the app and a sound server. Open windows with `pulseOptions(pulse)` to use its microphones.
 */
export const test = base.extend<{ pulse: PulseAudio }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the first parameter.
  pulse: async ({}, use, testInfo) => {
    const why = pulseAudioMissing();
    if (why !== null) testInfo.skip(true, why);
    const pulse = await startPulseAudio();
    try {
      await use(pulse);
    } finally {
      await pulse.stop();
    }
  },
});
export { expect } from './test.ts';

/** The options of `app.open` for the microphones of this server. */
export function pulseOptions(pulse: PulseAudio): { microphone: 'system'; env: NodeJS.ProcessEnv } {
  return { microphone: 'system', env: pulse.env };
}

/** Stops listening. @returns the only recording */
export async function stopListening(app: App, earshot: EarshotWindow): Promise<SavedRecording> {
  await earshot.press();
  await earshot.expectView('idle');
  const [kept] = await app.recordings(1);
  if (!kept) throw new Error('no recording');
  return kept;
}
