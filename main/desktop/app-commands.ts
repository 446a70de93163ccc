import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { text } from '../text/text.ts';
import type { AppCommand } from './command-line.ts';
import type { CommandReply } from './command-messages.ts';
import type { MicCommands } from './mic-commands.ts';
import type { OtherStarts } from './single-instance.ts';
import type { WindowStatuses } from './window-status.ts';

export interface AppCommandsOptions {
  otherStarts: OtherStarts;
  version: string;
  commands: Pick<MicCommands, 'send'>;
  statuses: Pick<WindowStatuses, 'ask'>;
  showWindow: () => void;
  isStopping: () => boolean;
  /** Writes the reply that a start waits for. */
  writeReply: (name: string, reply: CommandReply) => Promise<void>;
  log: Log;
}

/** Carries out the commands of further starts and replies to them. A start without a command shows a window. */
export function setupAppCommands(options: AppCommandsOptions): void {
  const { otherStarts, version, commands, statuses, showWindow, isStopping, writeReply, log } = options;

  async function run(command: AppCommand): Promise<CommandReply> {
    if (isStopping()) return { ok: false, message: text.commandLine.stopping };
    // Not logged: a status bar may ask every second.
    if (command === 'status') return { ok: true, status: { version, windows: await statuses.ask() } };
    log('APP_COMMAND', { command });
    if (command === 'show') showWindow();
    else commands.send(command);
    return { ok: true };
  }

  otherStarts.handle((request) => {
    if (request === null) return showWindow();
    run(request.command)
      .then((reply) => writeReply(request.reply, reply))
      // The start that waits for it says after its time limit that there is no answer.
      .catch((error: unknown) => log('WARNING', { type: 'command_reply_failed', detail: describeError(error) }));
  });
}
