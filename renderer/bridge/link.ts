import type { Unsubscribe } from '../../shared/bridge.ts';

/**
 * State of the connection to the host. `unreachable`: several attempts failed, so waiting may not help. `restarted`:
 * another launch of Earshot is at this address and accepts only its own link; final. `unproven`: another program
 * answers there. `too_many_cookies`: the host refuses the page's socket because its request carries too many cookies.
 */
export type LinkState = 'up' | 'down' | 'unreachable' | 'restarted' | 'unproven' | 'too_many_cookies';

/** The connection state of this window's host, so that the window can show when it receives no events. */
export interface Link {
  state(): LinkState;
  /** Called after every change. */
  subscribe(listener: () => void): Unsubscribe;
}

/** Creates a link whose state is set by its transport; initially `up`. */
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
