import { app, dialog } from 'electron';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { showStartFailure } from './start-failure.ts';

/**
 * What nobody caught: to stderr and the log, and for a person in words, once a launch. Electron would show its stack in a box
 * and go on; so does this, without the stack. Before `ready` it keeps Earshot from starting.
 * @returns hands over the log as soon as there is one
 */
export function setupUnexpectedErrors(events: Pick<NodeJS.Process, 'on'> = process): { logTo(log: Log): void } {
  let log: Log = () => {};
  let told = false;

  function report(type: string, error: unknown): void {
    console.error(error);
    log('ERROR', { type, detail: describeError(error) });
  }

  events.on('unhandledRejection', (reason) => report('unhandled_rejection', reason));
  events.on('uncaughtException', (error) => {
    if (!app.isReady()) return showStartFailure(error);
    report('uncaught_exception', error);
    if (told) return;
    told = true;
    void dialog.showMessageBox({
      type: 'error',
      title: 'Earshot',
      message: 'Something in Earshot went wrong',
      detail: [
        'What was recorded is kept. If anything does not work now, quit Earshot and start it again.',
        'If this comes back, report it with what Help > Copy Diagnostics puts into the clipboard.',
      ].join('\n\n'),
      buttons: ['OK'],
      noLink: true,
    });
  });
  return {
    logTo(given) {
      log = given;
    },
  };
}
