import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { MicCommand } from '../../shared/desktop.ts';
import type { TalkControl } from './talk-control.ts';

export interface MicCommands {
  /** Calls `onKeys` instead of pressing the mic on the shortcut, until the returned function is called. */
  divertKeys(onKeys: () => void): Unsubscribe;
  dispose: Unsubscribe;
}

/**
 * Lets the tray, the menu, the global shortcut and the command line control the mic.
 * @param onCancel called before the turn that is cancelled ends
 */
export function followMicCommands(
  bridge: Pick<Bridge, 'onMicCommand'>,
  talk: TalkControl,
  onCancel: () => void = () => {},
): MicCommands {
  let divertedTo: (() => void) | null = null;
  const actions: Record<MicCommand, () => void> = {
    toggle: () => (divertedTo ?? talk.press)(),
    start: talk.start,
    stop: talk.stop,
    cancel() {
      if (!talk.isActive()) return;
      onCancel();
      talk.stop();
    },
    pause: () => talk.setPaused(true),
    continue: () => talk.setPaused(false),
    toggle_pause: talk.togglePause,
    toggle_mute: talk.toggleMute,
  };
  const dispose = bridge.onMicCommand((command) => actions[command]());
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
