import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import { isSameMicrophoneState, type MicrophoneState } from '../../shared/microphone-state.ts';
import type { RecordingInfo } from '../../shared/recording.ts';

type Stretches = NonNullable<RecordingInfo['microphone']>;

/** As many are told apart; then the last one is always the latest, so that a hostile sender can't grow the list. */
const MAX_STRETCHES = 200;

/** What the microphone did in one turn. */
export class MicrophoneStretches {
  /** In samples, in order. */
  readonly #list: Array<{ at: number; state: MicrophoneState }> = [];

  /** For the JSON; nothing where nothing was told. */
  get facts(): Pick<RecordingInfo, 'microphone'> {
    if (this.#list.length === 0) return {};
    return { microphone: this.#list.map(({ at, state }) => ({ at_s: at / SAMPLE_RATE, ...state })) };
  }

  /**
   * Notes what is true from a sample on. The same said again changes nothing; another word of the same moment replaces the
   * one before. A name that was not known before belongs to the whole stretch: browsers tell it after the first sound.
   */
  note(at: number, state: MicrophoneState): void {
    const after = this.#list.findIndex((entry) => entry.at >= at);
    const index = after < 0 ? this.#list.length : after;
    if (this.#list[index]?.at === at) {
      this.#list.splice(index, 1);
    }
    const before = this.#list[index - 1];
    if (before && isSameMicrophoneState(before.state, state)) return;
    if (before?.state.label === '' && isSameMicrophoneState({ ...before.state, label: state.label }, state)) {
      before.state = state;
      return;
    }
    if (this.#list.length >= MAX_STRETCHES) this.#list.pop();
    this.#list.splice(Math.min(index, this.#list.length), 0, { at, state });
  }
}

/** Those that begin within the first `durationS` seconds. */
export function stretchesWithin(stretches: Stretches, durationS: number): Stretches {
  return stretches.filter(({ at_s }) => at_s < durationS);
}
