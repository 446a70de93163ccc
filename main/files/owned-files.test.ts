import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type FileFacts,
  fileRefusal,
  folderRefusal,
  openOwnedFile,
  readOwnedFile,
  readOwnedFileSync,
  replaceFileSync,
  resolveOwnedLinkSync,
  secureFolder,
  temporaryName,
  writeNewFile,
} from './owned-files.ts';

const ADA = { platform: 'linux', uid: 1000 } as const;
const ON_WINDOWS = { platform: 'win32', uid: null } as const;
const NOBODY = 65_534;

function facts(changed: Partial<FileFacts> = {}): FileFacts {
  return { uid: 1000, mode: 0o100600, nlink: 1, size: 10, isFile: () => true, isDirectory: () => false, ...changed };
}
const folder = (changed: Partial<FileFacts> = {}) =>
  facts({ mode: 0o40700, isFile: () => false, isDirectory: () => true, ...changed });

describe('checks of a file or folder', () => {
  test('H70 accepts files of the user and of root, rejects files of other users and special files', () => {
    expect(fileRefusal('/f', facts(), 'rewrite', ADA)).toBe(null);
    expect(fileRefusal('/f', facts({ uid: 0 }), 'read', ADA)).toBe(null);
    expect(fileRefusal('/f', facts({ uid: 1001 }), 'read', ADA)?.message).toMatch(/another user.*copy/);
    expect(fileRefusal('/f', facts({ isFile: () => false }), 'read', ADA)?.message).toMatch(
      /not a regular file.*Remove/,
    );
    expect(fileRefusal('/f', facts({ nlink: 2 }), 'read', ADA)).toBe(null);
    expect(fileRefusal('/f', facts({ nlink: 2 }), 'rewrite', ADA)?.message).toMatch(/hard link.*copy/);
  });

  test('H70 rejects a folder of another user or behind their link; restricts one that other users may write to', () => {
    expect(folderRefusal('/d', folder(), folder(), ADA)).toBe(null);
    expect(folderRefusal('/d', folder({ mode: 0o40755 }), folder(), ADA)).toBe(null);
    expect(folderRefusal('/d', folder({ uid: 1001 }), folder(), ADA)).toMatchObject({ code: 'folder_unsafe' });
    expect(folderRefusal('/d', folder(), facts({ uid: 1001 }), ADA)).toMatchObject({ code: 'folder_unsafe' });
    for (const mode of [0o40777, 0o40770, 0o40702]) {
      expect(folderRefusal('/d', folder({ mode }), folder(), ADA)).toBe('restrict');
    }
  });

  test('H70 rejects a folder for all users, such as /tmp, and never changes its mode', () => {
    const refused = folderRefusal('/tmp', folder({ uid: 0, mode: 0o41777 }), folder({ uid: 0 }), {
      platform: 'linux',
      uid: 0,
    });
    expect(refused).toMatchObject({ code: 'folder_unsafe' });
    expect(String(refused)).toMatch(/folder for all users/);
    expect(folderRefusal('/d', folder({ mode: 0o41755 }), folder(), ADA)).toBe(null);
  });

  test('H70 on Windows only checks that a file is regular, since there are no user ids and modes', () => {
    expect(fileRefusal('C:\\f', facts({ uid: 0, mode: 0o100666 }), 'rewrite', ON_WINDOWS)).toBe(null);
    expect(fileRefusal('C:\\f', facts({ isFile: () => false }), 'read', ON_WINDOWS)).toMatchObject({
      code: 'file_unsafe',
    });
    expect(folderRefusal('C:\\d', folder({ uid: 0, mode: 0o40777 }), folder(), ON_WINDOWS)).toBe(null);
  });
});

describe.skipIf(process.platform === 'win32')('on a real disk (Windows has no FIFOs and no modes)', () => {
  let dir: string;
  let path: string;
  beforeEach(async () => {
    dir = await fs.mkdtemp(join(tmpdir(), 'earshot-own-'));
    path = join(dir, 'settings.json');
  });
  afterEach(() => fs.rm(dir, { recursive: true, force: true }));

  const both = async (file: string) => {
    const codeOf = (error: unknown) => (error as { code?: string }).code;
    const later = await readOwnedFile(file, 100).catch(codeOf);
    let now: string | undefined;
    try {
      now = readOwnedFileSync(file, 100);
    } catch (error) {
      now = codeOf(error);
    }
    return [later, now];
  };

  test('H70 no function follows a link', async () => {
    const secret = join(dir, 'secret');
    await fs.writeFile(secret, 'theirs');
    await fs.symlink(secret, path);
    expect(await both(path)).toEqual(['file_unsafe', 'file_unsafe']);
    await expect(openOwnedFile(path, 'r+')).rejects.toMatchObject({ code: 'file_unsafe' });
  });

  test('H70 rejects a link before opening it if the system has no O_NOFOLLOW', async () => {
    await fs.writeFile(join(dir, 'secret'), 'theirs');
    await fs.symlink(join(dir, 'secret'), path);
    await expect(openOwnedFile(path, 'r', 0, ON_WINDOWS)).rejects.toMatchObject({ code: 'file_unsafe' });
    expect(() => readOwnedFileSync(path, 100, ON_WINDOWS)).toThrow(/not a regular file/);
  });

  test('H70 follows the user’s own link to a folder of the user that nobody else may write to', async () => {
    const target = join(dir, 'dotfiles', 'settings.json');
    await fs.mkdir(join(dir, 'dotfiles'));
    await fs.symlink('dotfiles/settings.json', path);
    expect(() => resolveOwnedLinkSync(path)).toThrow(/broken link/);
    await fs.writeFile(target, '{}');
    expect(resolveOwnedLinkSync(path)).toBe(await fs.realpath(target));
    expect(resolveOwnedLinkSync(target)).toBe(target);
    expect(resolveOwnedLinkSync(path, ON_WINDOWS)).toBe(path);
    await fs.chmod(join(dir, 'dotfiles'), 0o775);
    expect(() => resolveOwnedLinkSync(path)).toThrow(/folder open to others\. Put a copy/);
    expect(() => resolveOwnedLinkSync(join(dir, 'none'))).toThrow(/ENOENT/);
  });

  test('H70 does not follow a link of another user or a link into their folder', async (context) => {
    context.skip(process.geteuid?.() !== 0, 'only root can give a link away');
    const theirs = join(dir, 'theirs');
    await fs.mkdir(theirs);
    await fs.writeFile(join(theirs, 'file'), '{}');
    await fs.symlink(join(theirs, 'file'), path);
    await fs.lchown(path, NOBODY, NOBODY);
    expect(() => resolveOwnedLinkSync(path)).toThrow(/another user/);
    await fs.lchown(path, 0, 0);
    expect(resolveOwnedLinkSync(path)).toBe(await fs.realpath(join(theirs, 'file')));
    await fs.chown(theirs, NOBODY, NOBODY);
    expect(() => resolveOwnedLinkSync(path)).toThrow(/folder open to others/);
  });

  test('H71 immediately rejects a FIFO, a device and a file that is too long', async () => {
    execFileSync('mkfifo', [path]);
    expect(await both(path)).toEqual(['file_unsafe', 'file_unsafe']);
    await expect(openOwnedFile(path, 'r+')).rejects.toMatchObject({ code: 'file_unsafe' });
    expect(await both('/dev/zero')).toEqual(['file_unsafe', 'file_unsafe']);
    await fs.writeFile(join(dir, 'long'), 'x'.repeat(101));
    expect(await both(join(dir, 'long'))).toEqual(['file_unsafe', 'file_unsafe']);
    expect(await both(join(dir, 'none'))).toEqual(['ENOENT', 'ENOENT']);
    expect(await both(dir)).toEqual(['EISDIR', 'EISDIR']);
  });

  test('H70 does not read another user’s file', async (context) => {
    context.skip(process.geteuid?.() !== 0, 'only root can give a file away');
    await fs.writeFile(path, '{}');
    await fs.chown(path, NOBODY, NOBODY);
    expect(await both(path)).toEqual(['file_unsafe', 'file_unsafe']);
  });

  test('H70 removes others’ write permission from a file, but not their read permission', async () => {
    await fs.writeFile(path, '{}');
    await fs.chmod(path, 0o666);
    expect(await both(path)).toEqual(['{}', '{}']);
    expect((await fs.stat(path)).mode & 0o777).toBe(0o644);
  });

  test('H70 a new file is never written to an existing file or link of the same name', async () => {
    const victim = join(dir, 'victim');
    await fs.writeFile(victim, 'precious');
    await fs.symlink(victim, path);
    await writeNewFile(path, 'new', 0o600);
    expect(await fs.readFile(victim, 'utf8')).toBe('precious');
    expect((await fs.lstat(path)).isFile()).toBe(true);
    await fs.rm(path);
    await fs.link(victim, path);
    await writeNewFile(path, 'newer', 0o600);
    expect([await fs.readFile(victim, 'utf8'), await fs.readFile(path, 'utf8')]).toEqual(['precious', 'newer']);
  });

  test('H70 replaces a file through a temporary file with an unpredictable name', async () => {
    const victim = join(dir, 'victim');
    await fs.writeFile(victim, 'precious');
    await fs.symlink(victim, path);
    replaceFileSync(path, 'new', 0o600);
    expect([await fs.readFile(victim, 'utf8'), await fs.readFile(path, 'utf8')]).toEqual(['precious', 'new']);
    expect((await fs.readdir(dir)).sort()).toEqual(['settings.json', 'victim']);
    expect(new Set(Array.from({ length: 1000 }, () => temporaryName(path))).size).toBe(1000);
    expect(() => replaceFileSync(dir, 'new', 0o600)).toThrow();
  });

  test('H70 removes others’ write permission from a folder, also through the user’s own link', async () => {
    await fs.chmod(dir, 0o777);
    const link = `${dir}-link`;
    await fs.symlink(dir, link);
    try {
      expect(await secureFolder(link)).toBe(true);
      expect((await fs.stat(dir)).mode & 0o777).toBe(0o755);
      expect(await secureFolder(dir)).toBe(false);
    } finally {
      await fs.rm(link);
    }
  });

  test('H70 rejects another user’s folder, and another user’s link to a folder of the user', async (context) => {
    context.skip(process.geteuid?.() !== 0, 'only root can give a folder away');
    const [theirs, link] = [join(dir, 'theirs'), join(dir, 'link')];
    await fs.mkdir(theirs);
    await fs.chown(theirs, NOBODY, NOBODY);
    await expect(secureFolder(theirs)).rejects.toMatchObject({ code: 'folder_unsafe' });
    await fs.symlink(dir, link);
    await fs.lchown(link, NOBODY, NOBODY);
    await expect(secureFolder(link)).rejects.toMatchObject({ code: 'folder_unsafe' });
  });
});
