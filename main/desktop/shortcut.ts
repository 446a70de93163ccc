import { globalShortcut } from 'electron';
import type { DesktopState } from '../../shared/desktop.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { createPressFilter } from './held-keys.ts';

export interface Shortcut {
  /** Puts these keys in the place of the former ones; empty: none. The same ones again change nothing. */
  apply(accelerator: string): void;
}

export interface ShortcutOptions {
  /** Once for each press, however long the keys are held. */
  onPress: () => void;
  onChange: (state: DesktopState['shortcut']) => void;
  log: Log;
}

/**
 * The keys that press the mic from any program. Where the system or another program holds them, they are refused.
 * In a Wayland session the desktop is asked by way of its portal, and may ask the person: Electron says yes before they
 * have answered, so `on` means there that the keys were asked for.
 */
export function createShortcut({ onPress, onChange, log }: ShortcutOptions): Shortcut {
  let wanted = '';
  let held = false;

  function register(): DesktopState['shortcut'] {
    try {
      held = globalShortcut.register(wanted, createPressFilter(onPress));
      if (!held) log('WARNING', { type: 'shortcut_refused', keys: wanted });
    } catch (error) {
      log('WARNING', { type: 'shortcut_refused', keys: wanted, detail: describeError(error) });
    }
    return held ? 'on' : 'refused';
  }

  return {
    apply(accelerator) {
      if (accelerator === wanted) return;
      if (held) globalShortcut.unregister(wanted);
      held = false;
      wanted = accelerator;
      onChange(wanted === '' ? 'off' : register());
    },
  };
}
