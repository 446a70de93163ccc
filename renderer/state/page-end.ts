import type { OpenTurnTracker } from './open-turn.ts';

/** The parts of `window` used here. */
export interface PageEvents {
  addEventListener(type: 'pagehide', listener: () => void): void;
  addEventListener(type: 'pageshow', listener: (event: Pick<PageTransitionEvent, 'persisted'>) => void): void;
  addEventListener(type: 'beforeunload', listener: (event: BeforeUnloadEvent) => void): void;
  location: { reload(): void };
}

export interface PageEndOptions {
  note: Pick<OpenTurnTracker, 'isOpen' | 'leave'>;
  /** Whether the page holds audio that no recording has. */
  holdsAudio(): boolean;
  /**
   * Whether the browser asks before it closes a page with an open turn or unsaved audio. Not in a desktop window:
   * Electron does not ask, but silently refuses to close it.
   */
  confirmsClose: boolean;
  /** Ends the page's connections and stores. */
  end(): void;
}

/** Cleans up when the page ends, and asks first if audio could be lost. */
export function watchPageEnd(page: PageEvents, { note, holdsAudio, confirmsClose, end }: PageEndOptions): void {
  page.addEventListener('pagehide', () => {
    // Before `end`, because disposing the client ends its turn.
    note.leave();
    end();
  });
  // A page restored from the back/forward cache has been disposed, so it reloads.
  page.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) page.location.reload();
  });
  if (!confirmsClose) return;
  page.addEventListener('beforeunload', (event) => {
    if (!note.isOpen() && !holdsAudio()) return;
    event.preventDefault();
    // For older browsers (HTML standard, section 7.4.2).
    event.returnValue = true;
  });
}
