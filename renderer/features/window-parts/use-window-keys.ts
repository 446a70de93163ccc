import { useEffect, useRef } from 'react';
import { useServices, useSettings } from '../../state/services.ts';
import { shortcutOf, type WindowShortcut } from '../../state/shortcuts.ts';

/** Elements that use Space themselves. A slider does not. */
const USES_SPACE =
  'button, summary, select, textarea, input:not([type="range"]), [contenteditable]:not([contenteditable="false"])';

const MODIFIERS: ReadonlySet<string> = new Set(['Control', 'Alt', 'Shift', 'Meta']);

type Actions = Record<Exclude<WindowShortcut, 'key_talk' | 'key_pause' | 'key_mute'>, () => void>;

/**
 * Runs the shortcuts of the settings while the window has the focus. Space alone is left to a focused field or button,
 * except the mic button. While a dialog is open, only `key_new_window` works. Key repeats are ignored.
 */
export function useWindowKeys(actions: Actions): void {
  const { talk } = useServices();
  const settings = useSettings((state) => state.settings);
  const platform = useSettings((state) => state.info.platform);
  /** `code` of the key that is held to talk. */
  const held = useRef<string | null>(null);
  // After the last mount, the release would be missed.
  useEffect(() => () => talk.up('key', performance.now()), [talk]);
  useEffect(() => {
    const run: Record<Exclude<WindowShortcut, 'key_talk'>, () => void> = {
      ...actions,
      key_pause: talk.togglePause,
      key_mute: talk.toggleMute,
    };

    const onKeyDown = (event: KeyboardEvent) => {
      const name = shortcutOf(event, settings, platform);
      if (name === null || event.defaultPrevented) return;
      if (isPlainSpace(event) && usesSpace(event.target)) return;
      if (name !== 'key_new_window' && document.querySelector('dialog[open]') !== null) return;
      // The page does not scroll, and a button with the focus is not pressed as well.
      event.preventDefault();
      if (event.repeat) return;
      if (name !== 'key_talk') return run[name]();
      held.current = event.code;
      talk.down('key', event.timeStamp);
    };
    const onKeyUp = (event: KeyboardEvent) => {
      if (held.current === null || (event.code !== held.current && !MODIFIERS.has(event.key))) return;
      if (event.code === held.current) event.preventDefault();
      held.current = null;
      talk.up('key', event.timeStamp);
    };
    // The permission prompt of a browser takes the focus as well: a short press before it stays one.
    const onBlur = (event: FocusEvent) => {
      held.current = null;
      talk.up('key', event.timeStamp);
    };

    window.addEventListener('keydown', onKeyDown);
    window.addEventListener('keyup', onKeyUp);
    window.addEventListener('blur', onBlur);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('keyup', onKeyUp);
      window.removeEventListener('blur', onBlur);
    };
  }, [actions, talk, platform, settings]);
}

function isPlainSpace({ code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return code === 'Space' && !(ctrlKey || metaKey || altKey || shiftKey);
}

function usesSpace(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(USES_SPACE) !== null && target.closest('.mic') === null;
}
