import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import { isSameMicrophoneState, type MicrophoneState } from '../../shared/microphone-state.ts';
import type { RecordingInfo } from '../../shared/recording.ts';

/** Limits the list against hostile senders. At the limit, a new entry replaces the last one. */
const MAX_ENTRIES = 200;

/** The states of the microphone during one turn. */
export class MicrophoneTimeline {
  /** In order; `at` in samples. */
  readonly #list: Array<{ at: number; state: MicrophoneState }> = [];

  /** The field of the JSON; empty if no state was reported. */
  get facts(): Pick<RecordingInfo, 'microphone'> {
    if (this.#list.length === 0) return {};
    return { microphone: this.#list.map(({ at, state }) => ({ at_s: at / SAMPLE_RATE, ...state })) };
  }

  /**
   * Records the state from sample `at` on. Repeating the current state changes nothing; a second state for the same
   * sample replaces the first. If only a label is added, it applies to the whole entry: browsers report it after the
   * first audio.
   */
  add(at: number, state: MicrophoneState): void {
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
    if (this.#list.length >= MAX_ENTRIES) this.#list.pop();
    this.#list.splice(Math.min(index, this.#list.length), 0, { at, state });
  }
}

/** The entries that begin within the first `durationS` seconds. */
export function entriesWithin<Entry extends { at_s: number }>(entries: Entry[], durationS: number): Entry[] {
  return entries.filter(({ at_s }) => at_s < durationS);
}
