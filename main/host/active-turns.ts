import type { Unsubscribe } from '../../shared/bridge.ts';
import type { TurnSink } from '../voice/turn-sink.ts';

/** Counts open turns. The tray shows the count, and the machine stays awake while it is not 0. */
export interface ActiveTurns {
  /** Turns that have begun and not ended. A disconnected turn stays open until its session expires. */
  turns(): number;
  /** Calls the listener at every change. */
  onChange(listener: (turns: number) => void): Unsubscribe;
  /** Counts each turn and passes it on. */
  readonly sink: TurnSink;
}

/** @param sink records the audio */
export function createActiveTurns(sink: TurnSink): ActiveTurns {
  const listeners = new Set<(turns: number) => void>();
  let turns = 0;

  function add(change: 1 | -1): void {
    turns += change;
    for (const listener of [...listeners]) listener(turns);
  }

  return {
    turns: () => turns,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    sink: {
      begin(turn) {
        const recorder = sink.begin(turn);
        let open = true;
        add(1);
        return {
          write: (pcm) => recorder.write(pcm),
          gap: (samples) => recorder.gap(samples),
          microphone: (samples, state) => recorder.microphone(samples, state),
          finish(ending) {
            // The turn is over now, although its file may still be written.
            if (open) add(-1);
            open = false;
            return recorder.finish(ending);
          },
        };
      },
    },
  };
}
