import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { textOf } from '../../shared/log-line.ts';
import { infoText } from '../recordings/list-recordings.ts';
import { type Host, startHost } from './host.ts';

// Another user has created the data folder first, or has put something into it.

const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;
let root: string;
let dataDir: string;
let host: Host | null = null;
beforeEach(async () => {
  root = await fs.mkdtemp(join(tmpdir(), 'earshot-hostile-data-'));
  dataDir = join(root, 'data');
});
afterEach(async () => {
  await host?.stop();
  host = null;
  await fs.rm(root, { recursive: true, force: true });
});

async function start(): Promise<Host> {
  host = await startHost({ dataDir, origin: 'earshot://app', version: '1.2.3', shell: 'desktop' });
  return host;
}
async function warnings(running: Host): Promise<string[]> {
  const records = await running.handlers.getLogHistory();
  return records
    .filter(({ event }) => event === 'WARNING')
    .map(textOf)
    .map((text) => /\b(?:folder|log|settings)_[a-z_]+/.exec(text)?.[0] ?? text);
}

test('H70 refuses a data folder of another user at the start and writes nothing to it', async (context) => {
  context.skip(!isRoot, 'only root can give a folder away');
  await fs.mkdir(dataDir, { mode: 0o777 });
  await fs.chown(dataDir, NOBODY, NOBODY);
  await expect(start()).rejects.toMatchObject({ code: 'folder_unsafe', message: expect.stringMatching(/--data-dir/) });
  expect(await fs.readdir(dataDir)).toEqual([]);
});

test('H70 removes others’ write permission from the data folder and reports it', async (context) => {
  context.skip(process.platform === 'win32', 'Windows has no modes');
  await fs.mkdir(dataDir);
  await fs.chmod(dataDir, 0o777);
  const running = await start();
  expect((await fs.stat(dataDir)).mode & 0o777).toBe(0o755);
  await expect.poll(() => warnings(running)).toEqual(['folder_closed']);
});

test('H70 writes the log to no folder and no file of another user', async (context) => {
  context.skip(!isRoot, 'only root can give a folder away');
  const logs = join(dataDir, 'logs');
  await fs.mkdir(logs, { recursive: true });
  await fs.chown(logs, NOBODY, NOBODY);
  const running = await start();
  await expect.poll(() => warnings(running)).toEqual(['log_not_written']);
  await running.stop();
  expect(await fs.readdir(logs)).toEqual([]);

  await fs.chown(logs, 0, 0);
  await fs.writeFile(join(logs, 'earshot.log'), '');
  await fs.chown(join(logs, 'earshot.log'), NOBODY, NOBODY);
  const next = await start();
  await expect.poll(() => warnings(next)).toEqual(['log_set_aside']);
  await next.stop();
  expect((await fs.stat(join(logs, 'earshot.log'))).uid).toBe(0);
  const aside = (await fs.readdir(logs)).find((name) => name.endsWith('.set-aside'));
  expect(await fs.readFile(join(logs, String(aside)), 'utf8')).toBe('');
});

test('H70 H71 renames a link, a hard link or a FIFO in place of the log, and writes the log', async (context) => {
  context.skip(process.platform === 'win32', 'Windows has no FIFOs');
  const log = join(dataDir, 'logs', 'earshot.log');
  const victim = join(root, 'victim');
  await fs.mkdir(join(dataDir, 'logs'), { recursive: true });
  await fs.writeFile(victim, 'precious');
  const replacements = [
    () => fs.symlink(victim, log),
    () => fs.link(victim, log),
    async () => void execFileSync('mkfifo', [log]),
  ];
  for (const replaceFile of replacements) {
    await fs.rm(log, { force: true });
    await replaceFile();
    const running = await start();
    await expect.poll(() => warnings(running)).toEqual(['log_set_aside']);
    await running.stop();
    expect(await fs.readFile(log, 'utf8')).toMatch(/APP_STARTED/);
    expect(await fs.readFile(victim, 'utf8')).toBe('precious');
  }
});

test('H70 H71 does not use settings that are a link, a FIFO or another user’s, and renames them', async (context) => {
  context.skip(process.platform === 'win32', 'Windows has no FIFOs');
  const file = join(dataDir, 'settings.json');
  // Any user may put a file there.
  const open = join(root, 'open');
  const planted = join(open, 'planted.json');
  await fs.mkdir(dataDir);
  await fs.mkdir(open);
  await fs.chmod(open, 0o777);
  await fs.writeFile(planted, JSON.stringify({ user_id: 'mallory' }));
  const replacements = [() => fs.symlink(planted, file), async () => void execFileSync('mkfifo', [file])];
  const giveToOtherUser = async () => {
    await fs.copyFile(planted, file);
    await fs.chown(file, NOBODY, NOBODY);
  };
  for (const replaceFile of isRoot ? [...replacements, giveToOtherUser] : replacements) {
    await fs.rm(file, { force: true });
    await replaceFile();
    const running = await start();
    await expect.poll(() => warnings(running)).toEqual(['settings_unsafe']);
    expect((await running.handlers.getSettings()).user_id).toBe('me');
    await running.handlers.changeSettings({ theme: 'dark' });
    await running.stop();
    expect(JSON.parse(await fs.readFile(file, 'utf8'))).toMatchObject({ theme: 'dark', user_id: 'me' });
  }
  expect(await fs.readFile(planted, 'utf8')).toBe('{"user_id":"mallory"}');
});

test('H70 logs each refused file in a complete message: what to do, and the new name of the file', async (context) => {
  context.skip(process.platform === 'win32', 'Windows has no FIFOs');
  // A realistic length for the path of a data folder.
  dataDir = join(root, 'home/someone-with-a-long-name/.config/Earshot/data');
  const id = '2026-11-23T09-15-02-123Z_k3J9xQ2aB7_t1';
  const open = join(root, 'open');
  await fs.mkdir(join(dataDir, 'logs'), { recursive: true });
  await fs.mkdir(join(dataDir, 'recordings'));
  await fs.mkdir(open);
  await fs.chmod(open, 0o777);
  await fs.writeFile(join(open, 'file'), '{}');
  for (const name of ['settings.json', 'logs/earshot.log', `recordings/${id}.wav`]) {
    await fs.symlink(join(open, 'file'), join(dataDir, name));
  }
  const facts = { session_id: 'k3J9xQ2aB7', user_id: 'me', turn: 1, started_at: '2026-11-23T09:15:02.123Z' };
  const sound = { duration_s: 2, gaps: [], peak_dbfs: -20, rms_dbfs: -20, complete: true };
  await fs.writeFile(join(dataDir, 'recordings', `${id}.json`), infoText({ id, ...facts, ...sound }));
  const running = await start();
  await running.handlers.listRecordings({ limit: 500 });
  const kept = async (folder: string, pattern: RegExp) =>
    (await fs.readdir(join(dataDir, folder))).find((name) => pattern.test(name));
  const messages = async () =>
    (await running.handlers.getLogHistory())
      .filter(({ event }) => event === 'WARNING')
      .map(({ fields }) => fields.detail);
  await expect.poll(messages).toHaveLength(3);
  expect((await messages()).sort()).toEqual([
    `A new log begins; the old file is kept as ${await kept('logs', /set-aside/)}. Earshot does not use earshot.log: it is not a regular file. Remove it or move it away.`,
    `Earshot does not use settings.json: it is a link into a folder open to others. Put a copy in its place. Earshot uses the defaults; it is kept as ${await kept('', /bad/)}.`,
    `One recording is not in the list. Earshot does not use ${id}.wav: it is no regular file of yours. Put a copy in its place. Then reload the window.`,
  ]);
});

test('H70 reads and changes settings through the user’s own link to a file in a folder of the user', async (context) => {
  context.skip(process.platform === 'win32', 'creating links needs a permission on Windows');
  const file = join(dataDir, 'settings.json');
  const dotfile = join(root, 'dotfiles', 'earshot.json');
  await fs.mkdir(dataDir);
  await fs.mkdir(join(root, 'dotfiles'));
  await fs.writeFile(dotfile, JSON.stringify({ user_id: 'ada', of_a_later_version: 1 }));
  await fs.symlink(dotfile, file);
  const running = await start();
  expect((await running.handlers.getSettings()).user_id).toBe('ada');
  await running.handlers.changeSettings({ theme: 'dark' });
  expect((await fs.lstat(file)).isSymbolicLink()).toBe(true);
  expect(JSON.parse(await fs.readFile(dotfile, 'utf8'))).toMatchObject({
    user_id: 'ada',
    theme: 'dark',
    of_a_later_version: 1,
  });
  expect(await fs.readdir(join(root, 'dotfiles'))).toEqual(['earshot.json']);
  expect(await warnings(running)).toEqual([]);
});

test('H70 while Earshot runs, no other user can write to its folders, even if they could before', async (context) => {
  context.skip(!isRoot, 'only root can start a program as another user');
  await fs.chmod(root, 0o755);
  for (const name of ['', 'logs', 'recordings']) {
    await fs.mkdir(join(dataDir, name), { recursive: true });
    await fs.chmod(join(dataDir, name), 0o777);
  }
  const put = (folder: string): unknown =>
    execFileSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'touch', join(folder, 'planted')], {
      stdio: 'pipe',
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
    });
  const folders = [dataDir, join(dataDir, 'logs'), join(dataDir, 'recordings')];
  for (const folder of folders) put(folder);
  const running = await start();
  // Listing the recordings is the first use of their folder.
  await running.handlers.listRecordings({ limit: 500 });
  for (const folder of folders) {
    await fs.rm(join(folder, 'planted'));
    expect(() => put(folder), folder).toThrow(/Permission denied/);
  }
});
