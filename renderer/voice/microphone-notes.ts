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
  /** The last one. */
  private last: MicrophoneState | null = null;

  /**
   * From the frame `seq` on this is true; what was said already is not said again.
   * @param speaker null while there is no connection
   */
  note(seq: number, state: MicrophoneState | null, speaker: Speaker | null): void {
    if (state === null || isSameMicrophoneState(state, this.last)) return;
    this.last = state;
    if (this.kept.at(-1)?.seq === seq || this.kept.length >= MAX_NOTES) this.kept.pop();
    this.kept.push({ seq, state });
    speaker?.say({ event: 'microphone', seq, ...state });
  }

  /** The session was taken up again: all that it may not know. */
  sayAgain(speaker: Speaker): void {
    for (const { seq, state } of this.kept) speaker.say({ event: 'microphone', seq, ...state });
  }

  /** The server holds every frame up to this one, and what was said of them. */
  forget(through: number): void {
    this.kept = this.kept.filter(({ seq }) => seq > through);
  }
}
