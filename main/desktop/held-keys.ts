import { app } from 'electron';

/** Keys that are held repeat every 25 to 50 ms as systems are set up, and at 10 Hz where somebody made them slow. */
export const REPEAT_EVERY_MS = 120;
/** They begin to repeat 200 to 660 ms after they were pressed (X.Org: 660), and a second after where somebody made that long. */
export const REPEAT_AFTER_MS = 1_100;

/**
 * Makes one press of keys that are held down. X11 and Windows tell of a global shortcut again and again while it is held,
 * and nothing tells when it is let go, so only the times are there to go by:
 *
 *   at once after the one before      a repeat
 *   a while after, and then more      the first repeat: it waits for the next, and neither counts
 *   a while after, and then silence   somebody pressed twice; that counts after `REPEAT_EVERY_MS`
 *   long after                        a press, at once
 *
 * Keys that are let go right after their first repeat, within the next 50 ms, count twice: nothing tells them from two presses.
 */
export function createPressFilter(onPress: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  let undecided: NodeJS.Timeout | undefined;
  return () => {
    const now = performance.now();
    const since = now - last;
    last = now;
    clearTimeout(undecided);
    if (since <= REPEAT_EVERY_MS) return;
    if (since > REPEAT_AFTER_MS) onPress();
    else undecided = setTimeout(onPress, REPEAT_EVERY_MS);
  };
}

/** The keys of the menu that open, close or turn something: held down, they would open a window for each repeat. */
const ONCE = new Set(['n', 'w', 'q', 'm', 'r', 'i', 'f']);

/** Keys of the menu that are held do what they do once, also where the window that they open gets the repeats. Before `ready`. */
export function setupHeldMenuKeys(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('before-input-event', (event, { isAutoRepeat, control, meta, key }) => {
      const once = key === 'F11' || ((control || meta) && ONCE.has(key.toLowerCase()));
      if (isAutoRepeat && once) event.preventDefault();
    });
  });
}
