import { beforeEach, expect, test, vi } from 'vitest';
import type { Log } from '../../shared/log-event.ts';
import { setupAppCommands } from './app-commands.ts';
import { APP_COMMANDS, type AppCommand } from './command-line.ts';
import type { CommandReply, CommandRequest, WindowStatus } from './command-messages.ts';

const NAME = 'a'.repeat(32);
const WINDOWS: WindowStatus[] = [
  { window: 1, current: true, state: 'idle', seconds: null, session: null, level_dbfs: null },
];

const send = vi.fn();
const showWindow = vi.fn();
const log = vi.fn<Log>();
const writeReply = vi.fn<(name: string, reply: CommandReply) => Promise<void>>();
let stopping: boolean;
let startAgain: (request: CommandRequest | null) => void;
beforeEach(() => {
  vi.resetAllMocks();
  writeReply.mockResolvedValue();
  stopping = false;
  setupAppCommands({
    otherStarts: {
      handle: (listener) => {
        startAgain = listener;
      },
    },
    version: '1.2.3',
    commands: { send },
    statuses: { ask: async () => WINDOWS },
    showWindow,
    isStopping: () => stopping,
    writeReply,
    log,
  });
});

/** @returns the reply to the command */
async function ask(command: AppCommand): Promise<CommandReply | undefined> {
  startAgain({ command, reply: NAME });
  await vi.waitFor(() => expect(writeReply).toHaveBeenCalled());
  expect(writeReply.mock.calls[0]?.[0]).toBe(NAME);
  return writeReply.mock.calls[0]?.[1];
}

test('a start without a command shows a window and gets no reply', () => {
  startAgain(null);
  expect(showWindow).toHaveBeenCalledTimes(1);
  expect(writeReply).not.toHaveBeenCalled();
});

test.each(['toggle', 'start', 'stop', 'cancel'] as const)(
  '--%s reaches the windows, without showing one',
  async (command) => {
    expect(await ask(command)).toEqual({ ok: true });
    expect(send.mock.calls).toEqual([[command]]);
    expect(showWindow).not.toHaveBeenCalled();
    expect(log.mock.calls).toEqual([['APP_COMMAND', { command }]]);
  },
);

test('--show shows a window', async () => {
  expect(await ask('show')).toEqual({ ok: true });
  expect(showWindow).toHaveBeenCalledTimes(1);
  expect(send).not.toHaveBeenCalled();
});

test('--status gets what the windows do, and is not logged', async () => {
  expect(await ask('status')).toEqual({ ok: true, status: { version: '1.2.3', windows: WINDOWS } });
  expect(log).not.toHaveBeenCalled();
});

test.each(APP_COMMANDS)('while the app is ending, --%s does nothing and says so', async (command) => {
  stopping = true;
  expect(await ask(command)).toEqual({ ok: false, message: 'Earshot is ending. Try again when it has ended.' });
  expect([send.mock.calls, showWindow.mock.calls]).toEqual([[], []]);
});

test('a reply that can’t be written is logged', async () => {
  writeReply.mockRejectedValue(new Error('ENOSPC'));
  await ask('stop');
  await vi.waitFor(() => expect(log).toHaveBeenCalledTimes(2));
  expect(log.mock.calls[1]).toEqual(['WARNING', { type: 'command_reply_failed', detail: 'ENOSPC' }]);
});
