import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import type { RecordingInfo } from '../../shared/recording.ts';

/** Limits the list against hostile senders. At the limit, later pauses are added to the last entry. */
const MAX_ENTRIES = 200;

/** The pauses of one turn. */
export class PauseList {
  /** In order; `at` in samples. `seconds` is null while the turn is paused. */
  readonly #list: Array<{ at: number; seconds: number | null }> = [];

  /** The field of the JSON; empty if no pause has ended. A pause that ends with the turn is not part of it. */
  get facts(): Pick<RecordingInfo, 'pauses'> {
    const ended = this.#list.flatMap(({ at, seconds }) =>
      seconds === null ? [] : [{ at_s: at / SAMPLE_RATE, seconds }],
    );
    return ended.length === 0 ? {} : { pauses: ended };
  }

  /** Records a pause at sample `at`. A second one for the same sample replaces the first. */
  add(at: number, seconds: number | null): void {
    const after = this.#list.findIndex((entry) => entry.at >= at);
    const index = after < 0 ? this.#list.length : after;
    const same = this.#list[index];
    if (same?.at === at) {
      same.seconds = seconds;
      return;
    }
    const last = this.#list.at(-1);
    if (last !== undefined && this.#list.length >= MAX_ENTRIES) {
      last.seconds = (last.seconds ?? 0) + (seconds ?? 0);
      return;
    }
    this.#list.splice(index, 0, { at, seconds });
  }
}

/** The field of the JSON with the pauses within the first `durationS` seconds; empty if there are none. */
export function pausesWithin(pauses: RecordingInfo['pauses'], durationS: number): Pick<RecordingInfo, 'pauses'> {
  const within = (pauses ?? []).filter(({ at_s }) => at_s < durationS);
  return within.length === 0 ? {} : { pauses: within };
}
