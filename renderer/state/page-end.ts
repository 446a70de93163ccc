import type { OpenTurnNote } from './open-turn.ts';

/** The parts of `window` that are needed here. */
export interface PageEvents {
  addEventListener(type: 'pagehide', listener: () => void): void;
  addEventListener(type: 'pageshow', listener: (event: Pick<PageTransitionEvent, 'persisted'>) => void): void;
  addEventListener(type: 'beforeunload', listener: (event: BeforeUnloadEvent) => void): void;
  location: { reload(): void };
}

export interface PageEndOptions {
  note: Pick<OpenTurnNote, 'isOpen' | 'leave'>;
  /** Whether the page holds audio that no recording has. */
  holdsAudio(): boolean;
  /**
   * Whether the browser asks before a page with an open turn or with such audio goes away. Not in a desktop window: Electron asks nobody, but
   * silently refuses to close it.
   */
  asks: boolean;
  /** Ends the page's connections and stores. */
  end(): void;
}

/** Ends everything when the page goes away, and asks first where words could be lost. */
export function watchPageEnd(page: PageEvents, { note, holdsAudio, asks, end }: PageEndOptions): void {
  page.addEventListener('pagehide', () => {
    // Before the client is put away, which looks like the end of its turn.
    note.leave();
    end();
  });
  // A page that comes back out of the browser's cache of former pages has ended: it begins anew.
  page.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) page.location.reload();
  });
  if (!asks) return;
  page.addEventListener('beforeunload', (event) => {
    if (!note.isOpen() && !holdsAudio()) return;
    event.preventDefault();
    // For browsers that know only this (HTML standard, section 7.4.2).
    event.returnValue = true;
  });
}
