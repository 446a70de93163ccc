import type { MicrophoneState, MicrophoneStatus } from '../../../shared/microphone-state.ts';

/** What is wrong with the microphone that is heard, and what to do. */
export interface MicrophoneText {
  title: string;
  detail: string;
}

type Trouble = Exclude<MicrophoneStatus, 'ok'>;

const TEXT: Record<Trouble, (name: string) => MicrophoneText> = {
  muted: (name) => ({
    title: 'The microphone is muted',
    detail: `Nothing is recorded but silence. Unmute ${name} in the system’s sound settings or with its own button.`,
  }),
  stalled: (name) => ({
    title: 'The microphone sends nothing',
    detail: `No sound comes from ${name}. Switch it off and on, or wait until it is connected: recording goes on then.`,
  }),
  silent: (name) => ({
    title: 'Only silence is heard',
    detail: `Is ${name} switched off or turned down? Look at its own switch, or choose another microphone in the settings.`,
  }),
  noise: (name) => ({
    title: 'Only faint noise is heard',
    detail: `Is ${name} switched off or turned down? Look at its own switch and its level in the system’s sound settings.`,
  }),
};

/** Null: its sound is heard, or there is none. */
export function microphoneText(microphone: MicrophoneState | null): MicrophoneText | null {
  if (microphone === null || microphone.status === 'ok') return null;
  return TEXT[microphone.status](microphoneName(microphone));
}

/** Its name in a sentence. `Default` is all that Chromium says on Linux of the one that is the system's default. */
export function microphoneName({ label }: MicrophoneState): string {
  return label === '' || label === 'Default' ? 'the microphone' : `“${label}”`;
}
