import type { Unsubscribe } from '../../shared/bridge.ts';
import type { TurnSink } from '../voice/turn-sink.ts';

/** How many turns are open: what the tray shows, and what keeps the machine awake. */
export interface ActiveTurns {
  /** Turns that have begun and not ended. One whose connection is lost is open until it is resumed or runs out. */
  turns(): number;
  /** Tells of every change. */
  onChange(listener: (turns: number) => void): Unsubscribe;
  /** Hands each turn on, and counts it. */
  readonly sink: TurnSink;
}

/** @param sink who keeps the audio */
export function createActiveTurns(sink: TurnSink): ActiveTurns {
  const listeners = new Set<(turns: number) => void>();
  let turns = 0;

  function change(by: 1 | -1): void {
    turns += by;
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
        change(1);
        return {
          write: (pcm) => recorder.write(pcm),
          gap: (samples) => recorder.gap(samples),
          microphone: (samples, state) => recorder.microphone(samples, state),
          finish(ending) {
            // The turn is over when it is ended, not when its file is.
            if (open) change(-1);
            open = false;
            return recorder.finish(ending);
          },
        };
      },
    },
  };
}
