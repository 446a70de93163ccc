import { app, dialog } from 'electron';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { text } from '../text/text.ts';
import { showStartFailure } from './start-failure.ts';

/**
 * Reports uncaught errors on stderr and in the log, and in a dialog once per launch. The app then continues, as by
 * Electron's default, whose dialog would show a stack trace. An error before `ready` stops the start.
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
      title: text.app.name,
      message: text.unexpectedError.message,
      detail: text.unexpectedError.detail,
      buttons: [text.app.ok],
      noLink: true,
    });
  });
  return {
    logTo(hostLog) {
      log = hostLog;
    },
  };
}
