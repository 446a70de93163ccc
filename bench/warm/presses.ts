import type { LogRecord } from '../../shared/log-event.ts';
import type { WindowKind } from './windows.ts';

/** A press that starts a turn. Times in ms since the press; null if the step did not happen before the next press. */
export interface Press {
  /** The socket is open. */
  openMs: number | null;
  /** The welcome has arrived: the client is connected. */
  welcomeMs: number | null;
  /** The microphone is open and delivers sound. */
  micMs: number | null;
  /** The window shows that it is listening. */
  listeningMs: number | null;
}

/** A press with all steps. */
export type CompletePress = { [Name in keyof Press]: number };

/** Reads the presses from a log. If it has several windows, they must have been open one after the other. */
export function readPresses(records: readonly LogRecord[]): Press[] {
  const mine = records.filter(({ side }) => side === 'client').sort((a, b) => a.time - b.time);
  const presses: Press[] = [];
  let pressedAt = 0;
  let press: Press | null = null;
  for (const { event, fields, time } of mine) {
    if (event === 'PRESS') {
      press = fields.doing === 'start' ? { openMs: null, welcomeMs: null, micMs: null, listeningMs: null } : null;
      pressedAt = time;
      if (press) presses.push(press);
    }
    if (press === null) continue;
    const ms = time - pressedAt;
    if (event === 'WS_OPEN') press.openMs ??= ms;
    else if (event === 'WS_CONNECTED') press.welcomeMs ??= ms;
    else if (event === 'MIC_OPENED') press.micMs ??= ms;
    else if (event === 'VOICE_CHANGED' && fields.state === 'listening') press.listeningMs ??= ms;
  }
  return presses;
}

/** Whether every step of the press happened. */
export function isComplete(press: Press): press is CompletePress {
  return Object.values(press).every((ms) => ms !== null);
}

/**
 * The longest time (ms) that a connection made before the press could have saved. With such a connection the press
 * would have waited only for the microphone.
 */
export function gainOf({ welcomeMs, micMs }: CompletePress): number {
  return Math.max(0, welcomeMs - micMs);
}

/** Rows of the report. `first` and `later` are presses in a plain window. */
export const KINDS = ['first', 'later', 'held', 'delayed'] as const;
export type Kind = (typeof KINDS)[number];

export interface PressesByKind {
  presses: Record<Kind, Press[]>;
  /** Number of presses, in windows of any kind, after which the window did not listen. */
  failed: number;
}

/**
 * Assigns presses to the windows in which they were made.
 * @param windows in the order in which they were open, each with its number of presses
 * @throws {Error} if there are more or fewer presses than the windows made
 */
export function pressesByKind(
  all: readonly Press[],
  windows: ReadonlyArray<{ kind: WindowKind; presses: number }>,
): PressesByKind {
  const presses: PressesByKind['presses'] = { first: [], later: [], held: [], delayed: [] };
  let at = 0;
  for (const { kind, presses: made } of windows) {
    const [first, ...later] = all.slice(at, at + made);
    at += made;
    // Leave out the first press in windows of other kinds: a held microphone may not be open yet.
    if (kind === 'plain' && first) presses.first.push(first);
    presses[kind === 'plain' ? 'later' : kind].push(...later);
  }
  if (at !== all.length) throw new Error(`the log has ${all.length} presses, but ${at} were made`);
  return { presses, failed: all.filter((press) => !isComplete(press)).length };
}
