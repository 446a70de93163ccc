import type { Unsubscribe } from '../../shared/bridge.ts';
import type { TurnSink } from '../voice/turn-sink.ts';

/**
 * Counts open turns and those that are paused. The tray shows the counts, and the machine stays awake while a turn is
 * open.
 */
export interface ActiveTurns {
  /** Turns that have begun and not ended. A disconnected turn stays open until its session expires. */
  turns(): number;
  /** Those of them that the user has paused. */
  paused(): number;
  /** Calls the listener at every change of either count. */
  onChange(listener: (turns: number) => void): Unsubscribe;
  /** Counts each turn and passes it on. */
  readonly sink: TurnSink;
}

/** @param sink records the audio */
export function createActiveTurns(sink: TurnSink): ActiveTurns {
  const listeners = new Set<(turns: number) => void>();
  let turns = 0;
  let paused = 0;

  function add(ofTurns: -1 | 0 | 1, ofPaused: -1 | 0 | 1): void {
    turns += ofTurns;
    paused += ofPaused;
    for (const listener of [...listeners]) listener(turns);
  }

  return {
    turns: () => turns,
    paused: () => paused,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    sink: {
      begin(turn) {
        const recorder = sink.begin(turn);
        let open = true;
        let isPaused = false;
        add(1, 0);
        const setPaused = (next: boolean) => {
          if (!open || next === isPaused) return;
          isPaused = next;
          add(0, next ? 1 : -1);
        };
        return {
          write(pcm) {
            setPaused(false);
            return recorder.write(pcm);
          },
          gap: (samples) => recorder.gap(samples),
          microphone: (samples, state) => recorder.microphone(samples, state),
          pause(samples, seconds) {
            setPaused(seconds === null);
            recorder.pause(samples, seconds);
          },
          finish(ending) {
            // The turn is over now, although its file may still be written.
            if (open) add(-1, isPaused ? -1 : 0);
            open = false;
            return recorder.finish(ending);
          },
        };
      },
    },
  };
}
