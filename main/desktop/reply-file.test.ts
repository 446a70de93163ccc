import {
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CommandReply } from './command-messages.ts';
import { REPLY_LIMIT_MS, removeOldReplies, waitForReply, writeReply } from './reply-file.ts';

const NAME = '0123456789abcdef'.repeat(2);
const DONE: CommandReply = { ok: true };
let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'earshot-reply-'));
  path = join(dir, `reply-${NAME}.json`);
});
afterEach(() => rmSync(dir, { recursive: true }));

test('a reply is read once and leaves no file', async () => {
  await writeReply(dir, NAME, DONE);
  expect(waitForReply(dir, NAME)).toEqual(DONE);
  expect(readdirSync(dir)).toEqual([]);
});

test.skipIf(process.platform === 'win32')('only the user can read a reply, whatever the umask', async () => {
  const umask = process.umask(0);
  try {
    await writeReply(dir, NAME, DONE);
  } finally {
    process.umask(umask);
  }
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.skipIf(process.platform === 'win32')('a link in the place of a reply is replaced, not followed', async () => {
  const target = join(dir, 'target');
  writeFileSync(target, 'mine');
  symlinkSync(target, path);
  await writeReply(dir, NAME, DONE);
  expect(waitForReply(dir, NAME)).toEqual(DONE);
  expect(statSync(target).size).toBe(4);
});

test.skipIf(process.platform === 'win32')('a link is not read as a reply', () => {
  const target = join(dir, 'target');
  writeFileSync(target, JSON.stringify(DONE));
  symlinkSync(target, path);
  expect(() => waitForReply(dir, NAME)).toThrow(expect.objectContaining({ code: 'file_unsafe' }));
  expect([existsSync(path), existsSync(target)]).toEqual([false, true]);
});

test.each([
  ['no JSON', 'x'],
  ['another JSON', '{"ok":"yes"}'],
  ['too long', JSON.stringify({ ok: false, message: 'x'.repeat(20_000) })],
])('a file that is no reply is an error, and is removed: %s', (_what, content) => {
  writeFileSync(path, content);
  expect(() => waitForReply(dir, NAME)).toThrow();
  expect(existsSync(path)).toBe(false);
});

test('waits until the reply is there, and gives up after the limit', () => {
  let waited = 0;
  const sleep = vi.fn((ms: number) => {
    waited += ms;
    if (waited === 100) writeFileSync(path, JSON.stringify(DONE));
  });
  expect(waitForReply(dir, NAME, REPLY_LIMIT_MS, sleep)).toEqual(DONE);
  expect(waited).toBe(100);
  waited = 101;
  expect(waitForReply(dir, NAME, REPLY_LIMIT_MS, sleep)).toBeNull();
  expect(waited).toBe(101 + REPLY_LIMIT_MS);
});

test('the real wait blocks, and needs no event loop', () => {
  expect(waitForReply(dir, NAME, 40)).toBeNull();
});

test('a folder that is missing is an error for the writer', async () => {
  await expect(writeReply(join(dir, 'missing'), NAME, DONE)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('only old replies are removed, and no other file', async () => {
  const old = [`reply-${NAME}.json`, `reply-${NAME}.json.0123456789abcdef.tmp`];
  const kept = ['Preferences', 'reply-1.json', `reply-${'f'.repeat(32)}.json`];
  for (const name of [...old, ...kept]) writeFileSync(join(dir, name), '');
  for (const name of [...old, 'Preferences', 'reply-1.json']) utimesSync(join(dir, name), 1, 1);
  await removeOldReplies(dir);
  expect(readdirSync(dir).sort()).toEqual(kept.sort());
  await removeOldReplies(join(dir, 'missing'));
});
