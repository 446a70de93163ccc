import { app } from 'electron';

/**
 * Longest interval between key repeats (ms). Systems repeat every 25 to 50 ms by default, and every 100 ms at the
 * slowest.
 */
export const REPEAT_EVERY_MS = 120;
/** Longest delay before the first repeat (ms). Defaults are 200 to 660 ms (X.Org: 660); users can set up to 1 s. */
export const REPEAT_AFTER_MS = 1_100;

/**
 * Reports one press for keys that are held down. X11 and Windows repeat a global shortcut while its keys are held and
 * do not report the release, so only the time since the previous event is known:
 *
 *   up to REPEAT_EVERY_MS              a repeat: ignored
 *   up to REPEAT_AFTER_MS, then more   the first repeat: ignored when the next event follows
 *   up to REPEAT_AFTER_MS, then none   a second press: reported after REPEAT_EVERY_MS
 *   longer                             a press: reported immediately
 *
 * Keys released within 50 ms after their first repeat count as two presses; the events are the same.
 */
export function createRepeatFilter(onPress: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  let pendingPress: NodeJS.Timeout | undefined;
  return () => {
    const now = performance.now();
    const since = now - last;
    last = now;
    clearTimeout(pendingPress);
    if (since <= REPEAT_EVERY_MS) return;
    if (since > REPEAT_AFTER_MS) onPress();
    else pendingPress = setTimeout(onPress, REPEAT_EVERY_MS);
  };
}

/** Menu keys that must not repeat: a held Ctrl+N would open a window at each repeat. */
const NO_REPEAT_KEYS = new Set(['n', 'w', 'q', 'm', 'r', 'i', 'f']);

/**
 * Suppresses repeats of menu keys in every window, including the one that the first press opens. Call before `ready`.
 */
export function setupHeldMenuKeys(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('before-input-event', (event, { isAutoRepeat, control, meta, key }) => {
      const noRepeat = key === 'F11' || ((control || meta) && NO_REPEAT_KEYS.has(key.toLowerCase()));
      if (isAutoRepeat && noRepeat) event.preventDefault();
    });
  });
}
