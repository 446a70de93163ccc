import { beforeEach, expect, test, vi } from 'vitest';
import { app, resetFake } from '../testing/fake-electron.ts';
import { beginStart, statusText } from './begin-start.ts';
import { APP_COMMANDS, parseCommandLine, STARTING_COMMANDS } from './command-line.ts';
import type { CommandReply, WindowStatus } from './command-messages.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const print = vi.fn<(fd: 1 | 2, text: string) => void>();
const wait = vi.fn<(dir: string, name: string) => CommandReply | null>();
beforeEach(() => {
  resetFake();
  vi.clearAllMocks();
});

/** @returns whether this process starts the app, its exit codes and what it printed */
function begin(...args: string[]) {
  const starts = beginStart(parseCommandLine(args), { print, wait }) !== null;
  return { starts, exits: app.exits, printed: print.mock.calls };
}

const WINDOW: WindowStatus = {
  window: 1,
  current: true,
  state: 'listening',
  seconds: 12.3,
  session: 's1',
  level_dbfs: -20.6,
};
const IDLE: WindowStatus = { window: 2, current: false, state: 'idle', seconds: null, session: null, level_dbfs: null };

test('without a command the first start starts the app, and a second one exits with 0', () => {
  expect(begin()).toEqual({ starts: true, exits: [], printed: [] });
  app.lock = false;
  expect(begin()).toEqual({ starts: false, exits: [0], printed: [] });
  expect(wait).not.toHaveBeenCalled();
});

test.each(APP_COMMANDS.filter((command) => STARTING_COMMANDS.has(command)))('--%s starts the app', (command) => {
  expect(begin(`--${command}`)).toEqual({ starts: true, exits: [], printed: [] });
});

test.each(APP_COMMANDS.filter((command) => !STARTING_COMMANDS.has(command)))(
  '--%s does not start the app: it exits with 3 and gives the lock back at once',
  (command) => {
    expect(begin(`--${command}`)).toEqual({
      starts: false,
      exits: [3],
      printed: [[2, 'earshot: Earshot does not run.\n']],
    });
    expect(app.released).toBe(1);
  },
);

test('a command goes to the running app, and the reply is read from the profile’s folder by its random name', () => {
  app.lock = false;
  wait.mockReturnValue({ ok: true });
  expect(begin('--toggle')).toEqual({ starts: false, exits: [0], printed: [] });
  begin('--toggle');
  const names = wait.mock.calls.map(([, name]) => name);
  expect(wait.mock.calls[0]?.[0]).toBe('/home/someone/userData');
  expect(names[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(names[1]).not.toBe(names[0]);
  expect(app.lockRequests).toEqual(names.map((reply) => ({ command: 'toggle', reply })));
});

test('--status prints words, with --json one line of JSON', () => {
  app.lock = false;
  const status = { version: '1.2.3', windows: [WINDOW, IDLE] };
  wait.mockReturnValue({ ok: true, status });
  begin('--status');
  begin('--status', '--json');
  expect(print.mock.calls).toEqual([
    [1, 'Window 1 (current): listening for 12 s, -21 dBFS, session s1\nWindow 2: idle\n'],
    [1, `${JSON.stringify(status)}\n`],
  ]);
  expect(app.exits).toEqual([0, 0]);
});

test('states are printed as words, and an app without windows says so', () => {
  expect(statusText({ version: '1', windows: [{ ...IDLE, state: 'no_answer' }] })).toBe('Window 2: no answer');
  expect(statusText({ version: '1', windows: [] })).toBe('No window is open.');
});

test.each<[string, () => CommandReply | null, string]>([
  ['a refusal', () => ({ ok: false, message: 'Earshot is ending.' }), 'earshot: Earshot is ending.\n'],
  [
    'no reply',
    () => null,
    'earshot: Earshot did not answer within 10 s. Look at its window, or quit it and start it again.\n',
  ],
  [
    'an unreadable reply',
    () => {
      throw new Error('EACCES');
    },
    'earshot: The answer of Earshot could not be read: EACCES\n',
  ],
])('%s is one line on stderr and exit code 1', (_what, reply, line) => {
  app.lock = false;
  wait.mockImplementation(reply);
  expect(begin('--stop')).toEqual({ starts: false, exits: [1], printed: [[2, line]] });
});

test('--help, --version and errors end at once, without asking for the lock', () => {
  expect(begin('--help').printed[0]).toEqual([1, expect.stringMatching(/^Usage: earshot \[option\]\n.*\.\n$/s)]);
  expect(begin('--version').printed[1]).toEqual([1, 'Earshot 1.2.3\n']);
  expect(begin('--json').printed[2]).toEqual([2, 'earshot: --json goes with --status.\n']);
  expect(app.exits).toEqual([0, 0, 2]);
  expect(app.lockRequests).toEqual([]);
});

test('the help names every command', () => {
  begin('--help');
  for (const command of APP_COMMANDS) expect(print.mock.calls[0]?.[1]).toContain(`--${command} `);
});
