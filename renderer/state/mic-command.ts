import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { MicCommand } from '../../shared/desktop.ts';
import type { VoiceClient, VoiceView } from '../voice/voice-client.ts';
import { ACTIVE_VIEWS } from './voice-store.ts';

/** Views in which the mic is off, and a press switches it on. */
const OFF: ReadonlySet<VoiceView> = new Set(['idle', 'error']);

/**
 * Whether a command from the tray, the shortcut or the command line presses the mic. `start` never stops it, `stop` and
 * `cancel` never start it.
 */
export function pressesMic(command: MicCommand, view: VoiceView): boolean {
  switch (command) {
    case 'toggle':
      return true;
    case 'start':
      return OFF.has(view);
    case 'stop':
    case 'cancel':
      return ACTIVE_VIEWS.has(view);
  }
}

export interface MicCommands {
  /** Calls `onKeys` instead of pressing the mic on the shortcut, until the returned function is called. */
  divertKeys(onKeys: () => void): Unsubscribe;
  dispose: Unsubscribe;
}

/**
 * Lets the tray, the global shortcut and the command line press the mic.
 * @param onCancel called before the press that ends a cancelled turn
 */
export function followMicCommands(
  bridge: Pick<Bridge, 'onMicCommand'>,
  client: Pick<VoiceClient, 'press' | 'snapshot'>,
  onCancel: () => void = () => {},
): MicCommands {
  let divertedTo: (() => void) | null = null;
  const dispose = bridge.onMicCommand((command) => {
    if (command === 'toggle' && divertedTo) return divertedTo();
    if (!pressesMic(command, client.snapshot().view)) return;
    if (command === 'cancel') onCancel();
    client.press();
  });
  return {
    dispose,
    divertKeys(onKeys) {
      divertedTo = onKeys;
      return () => {
        if (divertedTo === onKeys) divertedTo = null;
      };
    },
  };
}
