import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import type { Unsubscribe } from '../../shared/bridge.ts';
import type { TalkState } from '../../shared/desktop.ts';
import { talkState } from './talk-state.ts';
import type { VoiceState, VoiceStore } from './voice-store.ts';

export type SoundName = 'start' | 'stop' | 'loss';

/** Notes of each sound in Hz, one after the other: rising, falling, and one low note twice. */
const NOTES: Record<SoundName, readonly number[]> = { start: [660, 880], stop: [880, 660], loss: [330, 330] };
const NOTE_MS = 70;
/** Peak amplitude, in [0, 1]: −26 dBFS, quieter than speech. */
const AMPLITUDE = 0.05;

/** States in which sound has arrived. */
const HEARD: ReadonlySet<TalkState> = new Set(['recording', 'no_sound', 'muted']);

/** What is compared of two states. */
interface Moment {
  talk: TalkState;
  failed: boolean;
  micLive: boolean;
}

/**
 * The sounds of the turn, in time with the truth: `start` when the first sound has arrived, not at the press; `stop`
 * when the microphone is closed, so that it is never recorded; `loss` when the connection is lost or the turn has
 * failed. Pure apart from its memory of the turn.
 * @returns the sound to play at each moment; null: none
 */
function createSoundChooser(): (now: Moment) => SoundName | null {
  let before: TalkState = 'off';
  let heard = false;
  let stopPending = false;
  return ({ talk, failed, micLive }) => {
    const last = before;
    before = talk;
    if (talk !== 'off') stopPending = false;
    if (HEARD.has(talk) && !heard) {
      heard = true;
      return 'start';
    }
    if (talk === 'reconnecting' && last !== 'reconnecting') return 'loss';
    if (talk === 'off' && last !== 'off') {
      const wasHeard = heard;
      heard = false;
      if (failed) return 'loss';
      stopPending = wasHeard;
    }
    if (stopPending && !micLive) {
      stopPending = false;
      return 'stop';
    }
    return null;
  };
}

/** A sound as PCM16 at 16 kHz. Its notes fade in and out, so that none of them clicks. */
export function samplesOf(name: SoundName): Int16Array<ArrayBuffer> {
  const notes = NOTES[name];
  const length = Math.round((NOTE_MS / 1000) * SAMPLE_RATE);
  const pcm = new Int16Array(length * notes.length);
  notes.forEach((frequency, at) => {
    for (let i = 0; i < length; i++) {
      const envelope = Math.sin((Math.PI * i) / (length - 1)) ** 2;
      const value = Math.sin((2 * Math.PI * frequency * i) / SAMPLE_RATE) * envelope * AMPLITUDE;
      pcm[at * length + i] = Math.round(value * 32_767);
    }
  });
  return pcm;
}

export interface SoundsOptions {
  voice: Pick<VoiceStore, 'getState' | 'subscribe'>;
  isEnabled: () => boolean;
  play: (pcm: Int16Array<ArrayBuffer>) => unknown;
}

/** Plays a short sound at start, stop and loss, if the user wants it. */
export function playSounds({ voice, isEnabled, play }: SoundsOptions): Unsubscribe {
  const choose = createSoundChooser();
  const momentOf = (state: VoiceState): Moment => ({
    talk: talkState(state),
    failed: state.view === 'error',
    micLive: state.micLive,
  });
  return voice.subscribe((state) => {
    const name = choose(momentOf(state));
    if (name !== null && isEnabled()) play(samplesOf(name));
  });
}
