import { powerSaveBlocker } from 'electron';
import type { Host } from '../host/host.ts';

/**
 * Keeps the machine from falling asleep by itself while somebody listens, and only then. The display may go dark, and
 * whoever closes the lid means it: the window notices by itself that it slept, and resumes.
 */
export function keepAwake({ onChange }: Pick<Host['listening'], 'onChange'>): void {
  let blocker: number | null = null;
  onChange((turns) => {
    if (turns > 0) blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  });
}
