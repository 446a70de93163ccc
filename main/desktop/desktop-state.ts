import { isDeepStrictEqual } from 'node:util';
import type { DesktopState } from '../../shared/desktop.ts';

/** Holds the state of the features that only the desktop app has. */
export interface DesktopStore {
  get(): DesktopState;
  /** Changes some fields. Notifies only when a value is different. */
  change(part: Partial<DesktopState>): void;
}

export function createDesktopStore(notify: (state: DesktopState) => void): DesktopStore {
  let state: DesktopState = { shortcut: 'off', login: 'off', update: { state: 'none' }, why_no_updates: null };
  return {
    get: () => state,
    change(part) {
      const next = { ...state, ...part };
      if (isDeepStrictEqual(next, state)) return;
      state = next;
      notify(state);
    },
  };
}
