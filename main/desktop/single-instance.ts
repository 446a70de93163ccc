import { app } from 'electron';

/**
 * One instance per profile: a second start hands over to the first and leaves. Two hosts would write the same files.
 * @returns false: this is the second one; nothing else may be started
 */
export function claimInstance(): boolean {
  if (app.requestSingleInstanceLock()) return true;
  app.quit();
  return false;
}

/** Someone started Earshot again: they want to see it. A start before the first window is up changes nothing. */
export function setupSecondInstance(showWindow: () => void): void {
  app.on('second-instance', showWindow);
}
