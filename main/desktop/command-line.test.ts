import { expect, test } from 'vitest';
import { APP_COMMANDS, type CommandLine, ownArguments, parseCommandLine, STARTING_COMMANDS } from './command-line.ts';

const app = (command: string | null, json = false) => ({ run: 'app', command, json });

test.each<[string[], unknown]>([
  [[], app(null)],
  ...APP_COMMANDS.map((command) => [[`--${command}`], app(command)] as [string[], unknown]),
  [['--toggle', '--toggle'], app('toggle')],
  [['--status', '--json'], app('status', true)],
  [['--json', '--status'], app('status', true)],
  [['--help'], { run: 'help' }],
  [['--toggle', '--help'], { run: 'help' }],
  [['--version'], { run: 'version' }],
  // Switches of Chromium, and what desktops append
  [['--no-sandbox', '--ozone-platform=wayland', '--lang=de', '--stop'], app('stop')],
  [['--user-data-dir=/tmp/a profile', '--force-device-scale-factor=2'], app(null)],
  [['--enable-features=A,B', '-psn_0_12345', '/home/ada/memo.wav'], app(null)],
  [['--start-maximized', '--no-startup-window', '--show-fps-counter'], app(null)],
  [['--'], app(null)],
  [['--show', '--', '--stop', 'word'], app('show')],
  [[''], app(null)],
])('%j is parsed', (args, expected) => {
  expect(parseCommandLine(args)).toEqual(expected);
});

test.each([
  [['--start', '--stop'], 'Use one of --start and --stop, not both.'],
  [['--toggle', '--status', '--show'], 'Use one of --toggle, --status and --show, not several.'],
  [['--json'], '--json goes with --status.'],
  [['--toggle', '--json'], '--json goes with --status.'],
  [['--toggle=1'], '--toggle takes no value.'],
  [['--json=', '--status'], '--json takes no value.'],
  [['--toggel'], "There is no option '--toggel'. Did you mean --toggle? --help lists the options."],
  [['--TOGGLE'], "There is no option '--TOGGLE'. Did you mean --toggle? --help lists the options."],
  [['-stop'], "There is no option '-stop'. Did you mean --stop? --help lists the options."],
  [['--statuss'], "There is no option '--statuss'. Did you mean --status? --help lists the options."],
  [['toggle'], "There is no option 'toggle'. Did you mean --toggle? --help lists the options."],
  [['--start', 'now'], "--start takes no further words: 'now' means nothing to Earshot."],
])('%j is an error of one line', (args, message) => {
  expect(parseCommandLine(args)).toEqual({ run: 'error', message } satisfies CommandLine);
});

test('an error shows control characters escaped and cuts long arguments, so that it stays one line', () => {
  const parsed = parseCommandLine(['--stop', `a\nb\u001b[2J${'x'.repeat(10_000)}`]);
  expect(parsed).toMatchObject({ run: 'error' });
  const { message } = parsed as { message: string };
  expect(message).toContain("'a\\nb\\u001b[2Jxxx");
  expect(message.length).toBeLessThan(200);
});

test('only commands that have something to do then start Earshot', () => {
  expect(APP_COMMANDS.filter((command) => STARTING_COMMANDS.has(command))).toEqual(['toggle', 'start', 'show']);
});

test.each<[string, string[], boolean, string[]]>([
  ['a package', ['/opt/Earshot/earshot', '--no-sandbox', '--stop'], false, ['--no-sandbox', '--stop']],
  ['from source', ['electron', '--no-sandbox', '/src/earshot', '--stop'], true, ['--stop']],
  [
    'a driven app',
    ['electron', '-r', '/pw/loader.js', '--inspect=0', '.', '--status', '--json'],
    true,
    ['--status', '--json'],
  ],
  ['from source without a folder', ['electron', '--version'], true, []],
])('%s: the own arguments', (_what, argv, fromSource, expected) => {
  expect(ownArguments(argv, { fromSource })).toEqual(expected);
});
