import { isSameMicrophoneState, type MicrophoneState } from '../../shared/microphone-state.ts';
import type { ClientMessage } from '../../shared/protocol.ts';

/** As many are kept for a server that does not answer; then the last one gives way to the latest. */
const MAX_NOTES = 100;

interface Speaker {
  say(message: ClientMessage): boolean;
}

/**
 * What a session is told of its microphone. Each note is true from a frame on and is said before that frame leaves, so that
 * a server which holds the frame has the note too.
 */
export class MicrophoneNotes {
  /** Those whose frame is not acknowledged, in order. */
  private kept: Array<{ seq: number; state: MicrophoneState }> = [];
  /** The first so many of them were said on this connection. */
  private said = 0;
  /** The last one. */
  private last: MicrophoneState | null = null;

  /** From the frame `seq` on this is true; what was noted already is not noted again. */
  note(seq: number, state: MicrophoneState | null): void {
    if (state === null || isSameMicrophoneState(state, this.last)) return;
    this.last = state;
    if (this.kept.at(-1)?.seq === seq || this.kept.length >= MAX_NOTES) this.kept.pop();
    this.said = Math.min(this.said, this.kept.length);
    this.kept.push({ seq, state });
  }

  /** Says what was not said yet on this connection of the frames up to `through`. */
  say(through: number, speaker: Speaker): void {
    for (let next = this.kept[this.said]; next !== undefined && next.seq <= through; next = this.kept[this.said]) {
      speaker.say({ event: 'microphone', seq: next.seq, ...next.state });
      this.said++;
    }
  }

  /** The session was taken up again: its server may know none of them. */
  beginConnection(): void {
    this.said = 0;
  }

  /** The server holds every frame up to this one, and what was said of them. */
  forget(through: number): void {
    const first = this.kept.findIndex(({ seq }) => seq > through);
    const count = first < 0 ? this.kept.length : first;
    this.kept.splice(0, count);
    this.said = Math.max(this.said - count, 0);
  }
}
