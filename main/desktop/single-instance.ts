import { app } from 'electron';
import { CommandRequest } from './command-messages.ts';

/** Further starts of Earshot, which hand their command to this one. */
export interface OtherStarts {
  /** Calls the listener for each further start, first for those so far. Null: a start without a command. */
  handle(listener: (request: CommandRequest | null) => void): void;
}

/**
 * Allows one instance per profile, because two hosts would write the same files.
 * @param request sent to the running instance, if there is one
 * @returns null: another instance runs. Electron has sent it the request; this process must start nothing
 */
export function claimInstance(request: CommandRequest | null): OtherStarts | null {
  // The command is in the data and not only in the arguments, because Chromium adds switches to those and sorts them.
  const isFirst = request === null ? app.requestSingleInstanceLock() : app.requestSingleInstanceLock({ ...request });
  if (!isFirst) return null;
  let listener: ((request: CommandRequest | null) => void) | null = null;
  const early: (CommandRequest | null)[] = [];
  app.on('second-instance', (_event, _argv, _directory, data) => {
    // Any program of the user can send this. What is not a valid command counts as a start without one.
    const { data: other = null } = CommandRequest.safeParse(data);
    if (listener) listener(other);
    else early.push(other);
  });
  return {
    handle(onStart) {
      listener = onStart;
      for (const other of early.splice(0)) onStart(other);
    },
  };
}
