import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { app } from 'electron';
import { describeError } from '../../shared/errors.ts';
import { text } from '../text/text.ts';
import { type CommandLine, EXIT_CODES, STARTING_COMMANDS } from './command-line.ts';
import type { AppStatus, CommandReply } from './command-messages.ts';
import { REPLY_LIMIT_MS, waitForReply } from './reply-file.ts';
import { claimInstance, type OtherStarts } from './single-instance.ts';

export interface BeginStartOptions {
  /** Writes to stdout (1) or stderr (2) at once. */
  print?: (fd: 1 | 2, text: string) => void;
  wait?: (dir: string, name: string) => CommandReply | null;
}

/**
 * Starts the app, hands a command to the running app, or prints what the arguments ask for. Call before `ready`.
 * @returns null: this process must start nothing; it ends by itself
 */
export function beginStart(line: CommandLine, options: BeginStartOptions = {}): OtherStarts | null {
  const { print = printNow, wait = waitForReply } = options;
  const end = (code: number, fd: 1 | 2, line: string): null => {
    print(fd, line.endsWith('\n') ? line : `${line}\n`);
    app.exit(code);
    return null;
  };
  const fail = (code: number, message: string) => end(code, 2, `earshot: ${message}`);

  if (line.run === 'help') return end(EXIT_CODES.done, 1, text.commandLine.help);
  if (line.run === 'version') return end(EXIT_CODES.done, 1, text.commandLine.version({ version: app.getVersion() }));
  if (line.run === 'error') return fail(EXIT_CODES.wrongArguments, line.message);

  const { command, json } = line;
  const request = command === null ? null : { command, reply: randomBytes(16).toString('hex') };
  const otherStarts = claimInstance(request);
  if (otherStarts !== null) {
    if (command === null || STARTING_COMMANDS.has(command)) return otherStarts;
    // Until this process has ended, another start would take it for the running Earshot.
    app.releaseSingleInstanceLock();
    return fail(EXIT_CODES.notRunning, text.commandLine.notRunning);
  }
  if (request === null) {
    app.quit();
    return null;
  }
  let reply: CommandReply | null;
  try {
    reply = wait(app.getPath('userData'), request.reply);
  } catch (error) {
    return fail(EXIT_CODES.failed, text.commandLine.badReply({ error: describeError(error) }));
  }
  if (reply === null) return fail(EXIT_CODES.failed, text.commandLine.noAnswer({ seconds: REPLY_LIMIT_MS / 1000 }));
  if (!reply.ok) return fail(EXIT_CODES.failed, reply.message);
  if (reply.status) return end(EXIT_CODES.done, 1, json ? JSON.stringify(reply.status) : statusText(reply.status));
  app.exit(EXIT_CODES.done);
  return null;
}

/** The status in words, one line for each window. Pure. */
export function statusText({ windows }: AppStatus): string {
  if (windows.length === 0) return text.commandLine.noWindows;
  return windows.map(({ level_dbfs: level, ...rest }) => text.commandLine.windowStatus({ ...rest, level })).join('\n');
}

/** Synchronous: before `ready`, `app.exit` ends the process at once. */
function printNow(fd: 1 | 2, line: string): void {
  try {
    writeSync(fd, line);
  } catch {
    // Closed: nobody reads it. The exit code says the same.
  }
}
