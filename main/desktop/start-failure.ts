import { join } from 'node:path';
import { app, dialog } from 'electron';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { appIcon } from './app-icon.ts';

/** What a person reads when Earshot can't start: what happened and what to do. Pure. */
export function startFailureText(error: unknown): string {
  if (error instanceof EarshotError) return error.message;
  return [
    'Something went wrong that Earshot did not expect. Start it again, or restart the computer.',
    'If that does not help, report it with this text:',
    describeError(error),
  ].join('\n\n');
}

/** Ends the app: on stderr for whoever started it, with the code; in a box, with words alone, for whoever clicked it. */
export function showStartFailure(error: unknown): void {
  console.error(`Earshot could not start: ${describeError(error)}`);
  const message = 'Earshot could not start';
  const detail = startFailureText(error);
  if (app.isReady()) {
    // Not `showErrorBox`, whose own title is "Error" on Linux.
    const icon = appIcon(join(app.getAppPath(), 'dist'));
    dialog.showMessageBoxSync({
      type: 'error',
      title: 'Earshot',
      message,
      detail,
      buttons: ['Quit'],
      noLink: true,
      ...icon,
    });
  } else {
    // The only one that may be shown before `ready`; on Linux it is written to stderr then.
    dialog.showErrorBox(message, detail);
  }
  app.exit(1);
}
