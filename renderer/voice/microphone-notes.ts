import { isSameMicrophoneState, type MicrophoneState } from '../../shared/microphone-state.ts';
import type { ClientMessage } from '../../shared/protocol.ts';

/** Limit of notes kept for a server that does not answer; above it the newest note replaces the last one. */
const MAX_NOTES = 100;

interface MessageSender {
  sendMessage(message: ClientMessage): boolean;
}

/**
 * The microphone messages of a session. Each note applies from a given frame on and is sent before that frame, so a
 * server that holds the frame also has the note.
 */
export class MicrophoneNotes {
  /** Notes whose frame is not acknowledged yet, in order. */
  #unacknowledged: Array<{ seq: number; state: MicrophoneState }> = [];
  /** How many of `#unacknowledged` were sent on this connection. */
  #sentCount = 0;
  /** The most recent state. */
  #last: MicrophoneState | null = null;

  /** Notes the state that applies from frame `seq` on; does nothing if it has not changed. */
  note(seq: number, state: MicrophoneState | null): void {
    if (state === null || isSameMicrophoneState(state, this.#last)) return;
    this.#last = state;
    if (this.#unacknowledged.at(-1)?.seq === seq || this.#unacknowledged.length >= MAX_NOTES)
      this.#unacknowledged.pop();
    this.#sentCount = Math.min(this.#sentCount, this.#unacknowledged.length);
    this.#unacknowledged.push({ seq, state });
  }

  /** Sends the notes for frames up to `through` that were not sent on this connection. */
  send(through: number, sender: MessageSender): void {
    for (
      let next = this.#unacknowledged[this.#sentCount];
      next !== undefined && next.seq <= through;
      next = this.#unacknowledged[this.#sentCount]
    ) {
      sender.sendMessage({ event: 'microphone', seq: next.seq, ...next.state });
      this.#sentCount++;
    }
  }

  /** The session was resumed: the server may have none of the notes. */
  beginConnection(): void {
    this.#sentCount = 0;
  }

  /** The server holds every frame up to `through`, and their notes. */
  release(through: number): void {
    const first = this.#unacknowledged.findIndex(({ seq }) => seq > through);
    const count = first < 0 ? this.#unacknowledged.length : first;
    this.#unacknowledged.splice(0, count);
    this.#sentCount = Math.max(this.#sentCount - count, 0);
  }
}
