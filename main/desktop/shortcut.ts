import { globalShortcut } from 'electron';
import type { DesktopState } from '../../shared/desktop.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { createRepeatFilter } from './held-keys.ts';

export interface Shortcut {
  /** Registers these keys in place of the previous ones. Empty: no shortcut. Does nothing if the keys are the same. */
  apply(accelerator: string): void;
}

export interface ShortcutOptions {
  /** Called once per press, however long the keys are held. */
  onPress: () => void;
  onChange: (state: DesktopState['shortcut']) => void;
  log: Log;
}

/**
 * The global shortcut for the mic button. Keys that the system or another program has registered are refused.
 * In a Wayland session Electron requests the keys through the desktop portal and reports success before the user has
 * answered, so `on` only means that the keys were requested.
 */
export function createShortcut({ onPress, onChange, log }: ShortcutOptions): Shortcut {
  let keys = '';
  let registered = false;

  function register(): DesktopState['shortcut'] {
    try {
      registered = globalShortcut.register(keys, createRepeatFilter(onPress));
      if (!registered) log('WARNING', { type: 'shortcut_refused', keys });
    } catch (error) {
      log('WARNING', { type: 'shortcut_refused', keys, detail: describeError(error) });
    }
    return registered ? 'on' : 'refused';
  }

  return {
    apply(accelerator) {
      if (accelerator === keys) return;
      if (registered) globalShortcut.unregister(keys);
      registered = false;
      keys = accelerator;
      onChange(keys === '' ? 'off' : register());
    },
  };
}
