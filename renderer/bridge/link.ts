import type { Unsubscribe } from '../../shared/bridge.ts';

/**
 * `unreachable`: lost for so many tries that waiting alone may not help. `restarted`: another launch of Earshot is at this
 * window's address, which lets it in by its own link alone; that is final. `unproven`: another program answers there.
 * `too_many_cookies`: the host is there, and refuses the page's socket for the cookies that the browser adds to its request.
 */
export type LinkState = 'up' | 'down' | 'unreachable' | 'restarted' | 'unproven' | 'too_many_cookies';

/** Whether this window's host is there: what a window must know to say that it no longer hears of anything. */
export interface Link {
  state(): LinkState;
  /** Told after every change. */
  subscribe(listener: () => void): Unsubscribe;
}

/** A link whose state is set by its transport. It begins up. */
export function createLink(): Link & { set(next: LinkState): void } {
  const listeners = new Set<() => void>();
  let state: LinkState = 'up';
  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    set(next) {
      if (next === state) return;
      state = next;
      for (const listener of [...listeners]) listener();
    },
  };
}
