import type { LogRecord } from '../../shared/log-event.ts';
import { composeText } from '../../shared/log-line.ts';
import type { WindowKind } from './windows.ts';

/** One press that was to begin listening. Times in ms since it; null: that did not happen before the next press. */
export interface Press {
  /** The socket is open. */
  openMs: number | null;
  /** The welcome has been heard: the client is connected. */
  welcomeMs: number | null;
  /** Sound flows from the microphone. */
  micMs: number | null;
  /** The window says that it listens. */
  listeningMs: number | null;
}

/** A press that came to listening. */
export type RecordedPress = { [Name in keyof Press]: number };

const START = composeText('PRESS', { doing: 'start' });
const LISTENING = composeText('VOICE_CHANGED', { state: 'listening' });

/** The presses of one window, or of several one after the other, out of the log that both sides wrote. */
export function pressesOf(records: readonly LogRecord[]): Press[] {
  const mine = records.filter(({ side }) => side === 'client').sort((a, b) => a.time - b.time);
  const presses: Press[] = [];
  let pressedAt = 0;
  let press: Press | null = null;
  for (const { event, text, time } of mine) {
    if (event === 'PRESS') {
      press = text === START ? { openMs: null, welcomeMs: null, micMs: null, listeningMs: null } : null;
      pressedAt = time;
      if (press) presses.push(press);
    }
    if (press === null) continue;
    const ms = time - pressedAt;
    if (event === 'WS_OPEN') press.openMs ??= ms;
    else if (event === 'WS_CONNECTED') press.welcomeMs ??= ms;
    else if (event === 'MIC_OPENED') press.micMs ??= ms;
    else if (text === LISTENING) press.listeningMs ??= ms;
  }
  return presses;
}

/** Whether the press came to listening, with all that belongs to it. */
export function isRecorded(press: Press): press is RecordedPress {
  return Object.values(press).every((ms) => ms !== null);
}

/**
 * The most that a connection which stood before the press could have saved, in ms: with it the press would have waited
 * for the microphone alone.
 */
export function gainOf({ welcomeMs, micMs }: RecordedPress): number {
  return Math.max(0, welcomeMs - micMs);
}

/** `first` and `later`: in a plain window. */
export const KINDS = ['first', 'later', 'held', 'apart'] as const;
export type Kind = (typeof KINDS)[number];

export interface PressOrder {
  presses: Record<Kind, Press[]>;
  /** Presses, in whatever window, that did not come to listening. */
  failed: number;
}

/**
 * Deals the presses out to the windows in which they were made, which were open one after the other.
 * @throws {Error} when there are more or fewer than were made
 */
export function shufflePresses(
  all: readonly Press[],
  windows: ReadonlyArray<{ kind: WindowKind; presses: number }>,
): PressOrder {
  const presses: PressOrder['presses'] = { first: [], later: [], held: [], apart: [] };
  let at = 0;
  for (const { kind, presses: made } of windows) {
    const [first, ...later] = all.slice(at, at + made);
    at += made;
    // The first press of another window is no measure: a held microphone may still be on its way to be opened.
    if (kind === 'plain' && first) presses.first.push(first);
    presses[kind === 'plain' ? 'later' : kind].push(...later);
  }
  if (at !== all.length) throw new Error(`the log has ${all.length} presses, and ${at} were made`);
  return { presses, failed: all.filter((press) => !isRecorded(press)).length };
}
