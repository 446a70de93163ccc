/**
 * Time (ms) after which a key or button that is still down counts as held. A deliberate click takes 60 to 200 ms, and a
 * slow one up to about 250 ms, so a shorter time would turn clicks into recordings that end at release.
 */
export const HOLD_MS = 300;

/** A control that can be held down and reports its release. */
export type HoldSource = 'button' | 'key';

/**
 * What a control asks for. `press` toggles and has no release: Enter, a screen reader's click, the global shortcut, the
 * menu. `start` never stops a turn and `stop` never starts one: the tray.
 */
export type TalkInput =
  | { type: 'down'; source: HoldSource; at: number }
  /** Also when the release will not be reported any more, because the window lost the focus. */
  | { type: 'up'; source: HoldSource; at: number }
  | { type: 'press' }
  | { type: 'start' }
  | { type: 'stop' };

/** The turn at the time of an input. */
export interface TalkFacts {
  /** A turn is active, so a press ends it. */
  active: boolean;
  /** No turn is active and none is being finished, so `start` begins one. */
  off: boolean;
  /** Number of the current or last turn in this window, from 1; 0 before the first. */
  turn: number;
}

/** The control that is down and has started a turn; null: none. */
export interface TalkState {
  held: { source: HoldSource; since: number; turn: number } | null;
}

export const NOT_HELD: TalkState = { held: null };

export interface TalkStep {
  state: TalkState;
  /** Whether to press the mic: it starts a turn, or stops the active one. */
  press: boolean;
}

/**
 * Decides what an input of any control does to the turn. Pure. All controls of a window share one state, so they can't
 * contradict each other:
 *
 * - `down` starts a turn, or stops the active one. Only a `down` that started a turn can hold it.
 * - `up` of that control stops the turn that it started if it was down for `HOLD_MS`; otherwise the turn goes on.
 * - Any other control that stops or starts a turn ends the hold, so the release then changes nothing.
 */
export function decideTalk(state: TalkState, input: TalkInput, facts: TalkFacts): TalkStep {
  const { held } = state;
  switch (input.type) {
    case 'down':
      // A second control while one is held: the user wants to stop. A repeated `down` of the same one is a key repeat.
      if (held?.source === input.source) return keep(state);
      if (facts.active) return { state: NOT_HELD, press: true };
      return { state: { held: { source: input.source, since: input.at, turn: facts.turn + 1 } }, press: true };
    case 'up': {
      if (held?.source !== input.source) return keep(state);
      const stops = input.at - held.since >= HOLD_MS && facts.active && facts.turn === held.turn;
      return { state: NOT_HELD, press: stops };
    }
    case 'press':
      return { state: NOT_HELD, press: true };
    case 'start':
      return facts.off ? { state: NOT_HELD, press: true } : keep(state);
    case 'stop':
      return facts.active ? { state: NOT_HELD, press: true } : keep(state);
  }
}

function keep(state: TalkState): TalkStep {
  return { state, press: false };
}
