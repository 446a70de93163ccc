import { isDeepStrictEqual } from 'node:util';
import type { DesktopState } from '../../shared/desktop.ts';

/** The one state of what only the desktop app has. */
export interface DesktopStore {
  get(): DesktopState;
  /** Changes a part of it, and tells when something is different. */
  change(part: Partial<DesktopState>): void;
}

export function createDesktopState(tell: (state: DesktopState) => void): DesktopStore {
  let state: DesktopState = { shortcut: 'off', login: 'off', update: { state: 'none' }, why_no_updates: null };
  return {
    get: () => state,
    change(part) {
      const next = { ...state, ...part };
      if (isDeepStrictEqual(next, state)) return;
      state = next;
      tell(state);
    },
  };
}
