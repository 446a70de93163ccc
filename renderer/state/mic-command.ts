import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { MicCommand } from '../../shared/desktop.ts';
import type { VoiceClient, VoiceView } from '../voice/voice-client.ts';
import { ACTIVE_VIEWS } from './voice-store.ts';

/** Views in which the mic is off, and a press switches it on. */
const OFF: ReadonlySet<VoiceView> = new Set(['idle', 'error']);

/** Whether a command from the tray or the shortcut presses the mic. `start` never stops it, `stop` never starts it. */
export function pressesMic(command: MicCommand, view: VoiceView): boolean {
  switch (command) {
    case 'toggle':
      return true;
    case 'start':
      return OFF.has(view);
    case 'stop':
      return ACTIVE_VIEWS.has(view);
  }
}

export interface MicCommands {
  /** Calls `onKeys` instead of pressing the mic on the shortcut, until the returned function is called. */
  divertKeys(onKeys: () => void): Unsubscribe;
  dispose: Unsubscribe;
}

/** Lets the tray and the global shortcut press the mic. */
export function followMicCommands(
  bridge: Pick<Bridge, 'onMicCommand'>,
  client: Pick<VoiceClient, 'press' | 'snapshot'>,
): MicCommands {
  let divertedTo: (() => void) | null = null;
  const dispose = bridge.onMicCommand((command) => {
    if (command === 'toggle' && divertedTo) divertedTo();
    else if (pressesMic(command, client.snapshot().view)) client.press();
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
