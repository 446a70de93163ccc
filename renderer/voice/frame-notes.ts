import type { ClientMessage } from '../../shared/protocol.ts';

/** Limit of notes kept for a server that does not answer; above it the newest note replaces the last one. */
const MAX_NOTES = 100;

interface MessageSender {
  sendMessage(message: ClientMessage): boolean;
}

/**
 * The messages of one kind that a session sends about its frames. Each note applies from a given frame on and is sent
 * before that frame, so a server that holds the frame also has the note.
 */
export class FrameNotes<State> {
  /** Notes whose frame is not acknowledged yet, in order. */
  #unacknowledged: Array<{ seq: number; state: State }> = [];
  /** How many of `#unacknowledged` were sent on this connection. */
  #sentCount = 0;
  readonly #toMessage: (seq: number, state: State) => ClientMessage;

  constructor(toMessage: (seq: number, state: State) => ClientMessage) {
    this.#toMessage = toMessage;
  }

  /** Notes the state that applies from frame `seq` on. Replaces an earlier one for the same frame. */
  note(seq: number, state: State): void {
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
      sender.sendMessage(this.#toMessage(next.seq, next.state));
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
