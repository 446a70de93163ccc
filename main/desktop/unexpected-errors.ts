import { app, dialog } from 'electron';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { showStartFailure } from './start-failure.ts';

/**
 * Reports uncaught errors on stderr and in the log, and in a dialog once per launch. The app then continues, as by Electron's
 * default, whose dialog would show a stack trace. An error before `ready` stops the start.
 * @returns `logTo` sets the log as soon as there is one
 */
export function setupUnexpectedErrors(events: Pick<NodeJS.Process, 'on'> = process): { logTo(log: Log): void } {
  let log: Log = () => {};
  let isReported = false;

  function report(type: string, error: unknown): void {
    console.error(error);
    log('ERROR', { type, detail: describeError(error) });
  }

  events.on('unhandledRejection', (reason) => report('unhandled_rejection', reason));
  events.on('uncaughtException', (error) => {
    if (!app.isReady()) return showStartFailure(error);
    report('uncaught_exception', error);
    if (isReported) return;
    isReported = true;
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
    logTo(hostLog) {
      log = hostLog;
    },
  };
}
