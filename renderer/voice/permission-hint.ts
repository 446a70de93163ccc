import type { ConnectionState } from '../connection/connection-types.ts';

/**
 * Delay (ms) before the window hints that the browser asks for permission. A permitted microphone opens in 100 to 300
 * ms; a shorter delay would flash the hint at every press.
 */
const HINT_AFTER_MS = 700;

/** Decides when the window hints that the browser asks the user for the microphone. */
export interface PermissionHint {
  readonly isShown: boolean;
  /** Follows a change of the state. The hint is shown if the turn has waited long enough for its microphone. */
  update(state: ConnectionState): void;
}

/** @param onShow called when the hint appears; it disappears in `update` only */
export function createPermissionHint(onShow: () => void): PermissionHint {
  let isWaiting = false;
  let isShown = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  return {
    get isShown() {
      return isShown;
    },
    update(state) {
      if (isWaitingForMic(state) === isWaiting) return;
      isWaiting = !isWaiting;
      isShown = false;
      clearTimeout(timer);
      if (!isWaiting) return;
      timer = setTimeout(() => {
        isShown = true;
        onShow();
      }, HINT_AFTER_MS);
    },
  };
}

/** Whether the turn waits for its microphone, including one whose previous permission prompt is still open. */
function isWaitingForMic({ shouldListen, mic }: ConnectionState): boolean {
  return shouldListen && (mic === 'opening' || mic === 'stopping');
}
