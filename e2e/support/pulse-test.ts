import { type PulseAudio, startPulseAudio, whyNoPulseAudio } from './pulse-audio.ts';
import { test as base } from './test.ts';

/** Playwright's test with the app and a sound server whose microphones it can have: open it with `pulseOptions(pulse)`. */
export const test = base.extend<{ pulse: PulseAudio }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  pulse: async ({}, use, testInfo) => {
    const why = whyNoPulseAudio();
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

/** What `app.open` needs for the microphones of this server. */
export function pulseOptions(pulse: PulseAudio): { microphone: 'system'; env: NodeJS.ProcessEnv } {
  return { microphone: 'system', env: pulse.env };
}
