import { powerSaveBlocker } from 'electron';
import type { Host } from '../host/host.ts';

/**
 * Prevents automatic sleep while a turn is open. The display may still turn off, and closing the lid still suspends the
 * machine; the page detects that and resumes its session.
 */
export function keepAwake({ onChange }: Pick<Host['activeTurns'], 'onChange'>): void {
  let blocker: number | null = null;
  onChange((turns) => {
    if (turns > 0) blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  });
}
