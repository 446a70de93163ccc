import { join } from 'node:path';
import { app, dialog } from 'electron';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { sentenceOf } from '../text/host-error.ts';
import { text } from '../text/text.ts';
import { appIcon } from './app-icon.ts';

/** The text shown when Earshot can't start: what happened and what to do. Pure. */
export function startFailureText(error: unknown): string {
  if (error instanceof EarshotError) return sentenceOf(error);
  return text.startFailure.unexpected({ error: describeError(error) });
}

/** Reports a failed start on stderr, with the error's code, and in a dialog, without it. Then exits with code 1. */
export function showStartFailure(error: unknown): void {
  console.error(`${text.app.couldNotStart}: ${describeError(error)}`);
  const message = text.app.couldNotStart;
  const detail = startFailureText(error);
  if (app.isReady()) {
    // `showErrorBox` would have the title "Error" on Linux.
    const icon = appIcon(join(app.getAppPath(), 'dist'));
    dialog.showMessageBoxSync({
      type: 'error',
      title: text.app.name,
      message,
      detail,
      buttons: [text.startFailure.quit],
      noLink: true,
      ...icon,
    });
  } else {
    // The only dialog allowed before `ready`; on Linux it writes to stderr then.
    dialog.showErrorBox(message, detail);
  }
  app.exit(1);
}
