import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asOrdinaryUser, isRootOnLinux, makeHome } from './ordinary-user.ts';

const command = { program: '/opt/app', args: ['--one', 'two'], env: { PATH: '/bin', HOME: '/root' } };

test('only root on Linux must start programs as another user', () => {
  expect(isRootOnLinux('linux', 0)).toBe(true);
  expect(isRootOnLinux('linux', 1000)).toBe(false);
  expect(isRootOnLinux('darwin', 0)).toBe(false);
  expect(isRootOnLinux('win32', undefined)).toBe(false);
});

test('an ordinary user starts the program directly, with a separate home folder', () => {
  const started = asOrdinaryUser(command, '/tmp/home', false);
  expect(started).toMatchObject({ program: '/opt/app', args: ['--one', 'two'] });
  expect(started.env).toMatchObject({ PATH: '/bin', HOME: '/tmp/home', XDG_CONFIG_HOME: '/tmp/home/.config' });
});

test('root starts the program as a user without groups and capabilities', () => {
  const { program, args, env } = asOrdinaryUser(command, '/tmp/home', true);
  expect(program).toBe('setpriv');
  expect(args.slice(-4)).toEqual(['--', '/opt/app', '--one', 'two']);
  expect(args).toEqual(expect.arrayContaining(['--reuid=65534', '--regid=65534', '--clear-groups']));
  expect(env.HOME).toBe('/tmp/home');
});

test.runIf(isRootOnLinux())('the program runs as that user and can write to its home folder', async () => {
  const home = mkdtempSync(join(tmpdir(), 'earshot-user-'));
  try {
    await makeHome(home);
    const script = 'id -u; id -G; grep ^CapEff /proc/self/status; echo kept > "$HOME/file"';
    const shell = { program: '/bin/sh', args: ['-c', script], env: { PATH: process.env.PATH } };
    const { program, args, env } = asOrdinaryUser(shell, home);
    const output = execFileSync(program, [...args], { env, encoding: 'utf8' });
    expect(output.split('\n').slice(0, 3)).toEqual(['65534', '65534', 'CapEff:\t0000000000000000']);
    expect(statSync(join(home, 'file')).uid).toBe(65_534);
  } finally {
    rmSync(home, { recursive: true });
  }
});
