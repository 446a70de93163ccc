import { app } from 'electron';

/**
 * Allows one instance per profile, because two hosts would write the same files. A second instance notifies the first
 * one and quits.
 * @returns false: this is a second instance, which must start nothing else
 */
export function claimInstance(): boolean {
  if (app.requestSingleInstanceLock()) return true;
  app.quit();
  return false;
}

/** Shows a window when the user starts Earshot again. */
export function setupSecondInstance(showWindow: () => void): void {
  app.on('second-instance', showWindow);
}
