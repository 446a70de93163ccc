import type { TalkState } from './desktop.ts';
import type { Language } from './language.ts';

// What the overlay's page and the host send each other. Plain values without schemas: the preload script of the overlay
// needs the names too.

/** What the overlay may ask for. Everything else is refused. */
export const OVERLAY_COMMANDS = ['pause', 'continue', 'stop'] as const;
export type OverlayCommand = (typeof OVERLAY_COMMANDS)[number];

/** Channels of Electron's IPC. */
export const OVERLAY_CHANNELS = {
  command: 'earshot-overlay:command',
  turn: 'earshot-overlay:turn',
  level: 'earshot-overlay:level',
} as const;

/** The turn that the overlay shows. */
export interface OverlayTurn {
  talk: TalkState;
  /** Length of the turn without its pauses, in seconds; null: nothing has been heard. */
  seconds: number | null;
  /** Of the texts. */
  language: Language;
}

/** `window.earshotOverlay`: all that the overlay's page has of the host. */
export interface OverlayBridge {
  send(command: OverlayCommand): void;
  onTurn(listener: (turn: OverlayTurn) => void): void;
  /** Peak level in dBFS, about 16 times a second. */
  onLevel(listener: (dbfs: number) => void): void;
}
