import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { app, resetFake } from '../testing/fake-electron.ts';
import { autostartEntry } from './autostart-entry.ts';
import { createLoginItem, type LoginItemOptions } from './login-item.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const log = vi.fn();
let home: string;
let file: string;
beforeEach(async () => {
  resetFake();
  log.mockClear();
  home = await mkdtemp(join(tmpdir(), 'earshot-login-'));
  file = join(home, '.config/autostart/earshot.desktop');
  await mkdir(join(home, 'own'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

function item(options: Partial<LoginItemOptions> = {}) {
  return createLoginItem({
    packaged: true,
    log,
    platform: 'linux',
    env: {},
    execPath: '/opt/earshot',
    home,
    linkFolder: join(home, 'own'),
    ...options,
  });
}
const stored = () => readFile(file, 'utf8');
async function write(text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

test.each(['darwin', 'win32', 'linux'] as const)(
  'on %s, run from source, Electron is not started at login',
  (platform) => {
    const set = vi.spyOn(app, 'setLoginItemSettings');
    const login = item({ platform, packaged: false });
    login.change(true);
    expect(login.state()).toBe('unsupported');
    expect(set).not.toHaveBeenCalled();
  },
);

describe.each(['darwin', 'win32'] as const)('on %s', (platform) => {
  test('the system stores the login item, and the state is read back from it', () => {
    const login = item({ platform });
    expect(login.state()).toBe('off');
    login.change(true);
    expect(login.state()).toBe('on');
    login.change(false);
    expect(login.state()).toBe('off');
  });

  test('a system that forbids it is reported as off', () => {
    app.refusesLogin = true;
    const login = item({ platform });
    login.change(true);
    expect(login.state()).toBe('off');
  });

  test('a start does not change it, so that switching it off in the system settings is respected', () => {
    const set = vi.spyOn(app, 'setLoginItemSettings');
    item({ platform }).state();
    expect(set).not.toHaveBeenCalled();
  });
});

test('on Windows an entry that was disabled in the system settings is off until it is set again', () => {
  const login = item({ platform: 'win32' });
  login.change(true);
  app.loginDisabled = true;
  expect(app.getLoginItemSettings().openAtLogin).toBe(true);
  expect(login.state()).toBe('off');
  login.change(false);
  login.change(true);
  expect(login.state()).toBe('on');
});

describe('on Linux', () => {
  test('an entry in the autostart folder starts the program; without it the item is off', async () => {
    const login = item();
    expect(login.state()).toBe('off');
    login.change(true);
    expect(await stored()).toBe(autostartEntry('/opt/earshot'));
    expect(login.state()).toBe('on');
    login.change(false);
    login.change(false);
    expect(await readdir(dirname(file))).toEqual([]);
    expect(login.state()).toBe('off');
    expect(log).not.toHaveBeenCalled();
  });

  test('an AppImage writes its own path, not that of its temporary mount; the next version updates it', async () => {
    const started = (name: string) =>
      item({ env: { APPIMAGE: `/apps/${name}`, APPDIR: '/tmp/.mount_x' }, execPath: '/tmp/.mount_x/earshot' });
    started('Earshot-1.AppImage').change(true);
    expect(await stored()).toContain('Exec="/apps/Earshot-1.AppImage"\n');
    expect(started('Earshot-2.AppImage').state()).toBe('on');
    expect(await stored()).toContain('Exec="/apps/Earshot-2.AppImage"\n');
  });

  test('a program whose path desktops parse differently is started by a link, which is removed with the entry', async () => {
    const link = join(home, 'own/start-at-login');
    const at = (execPath: string) => item({ execPath });
    at('/opt/100% $ure/earshot').change(true);
    expect(await stored()).toBe(autostartEntry(link));
    expect(await readlink(link)).toBe('/opt/100% $ure/earshot');
    // Moved: the next start updates it.
    expect(at('/opt/"new"\n/earshot').state()).toBe('on');
    expect(await readlink(link)).toBe('/opt/"new"\n/earshot');
    expect(await readdir(dirname(link))).toEqual(['start-at-login']);
    const plain = at('/opt/earshot');
    expect(await stored()).toBe(autostartEntry('/opt/earshot'));
    plain.change(false);
    expect(await readdir(dirname(link))).toEqual([]);
    expect(await readdir(dirname(file))).toEqual([]);
  });

  test('logs a login item that cannot be written, because the link’s path contains control characters', async () => {
    const login = item({ execPath: '/opt/100%/earshot', linkFolder: join(home, 'own\n') });
    login.change(true);
    expect(login.state()).toBe('off');
    expect(await readdir(home)).toEqual(expect.not.arrayContaining(['own\n']));
    expect(log).toHaveBeenCalledExactlyOnceWith('WARNING', expect.objectContaining({ type: 'login_item_not_changed' }));
  });

  test('started from a terminal that is an AppImage, it writes its own path', async () => {
    item({ env: { APPIMAGE: '/apps/Terminal.AppImage', APPDIR: '/tmp/.mount_t' } }).change(true);
    expect(await stored()).toBe(autostartEntry('/opt/earshot'));
  });

  test('an entry that was disabled in the desktop is not changed, and a missing one is not created', async () => {
    item();
    await expect(stored()).rejects.toMatchObject({ code: 'ENOENT' });
    const off = `${autostartEntry('/old')}Hidden=true\n`;
    await write(off);
    const login = item();
    expect(login.state()).toBe('off');
    expect(await stored()).toBe(off);
    login.change(true);
    expect(login.state()).toBe('on');
  });

  test('the folder is the one that the desktop reads; a relative path is ignored', async () => {
    item({ env: { XDG_CONFIG_HOME: join(home, 'elsewhere') } }).change(true);
    expect(await readdir(join(home, 'elsewhere/autostart'))).toEqual(['earshot.desktop']);
    item({ env: { XDG_CONFIG_HOME: 'relative' } }).change(true);
    expect(await stored()).toBe(autostartEntry('/opt/earshot'));
  });

  test('a folder that cannot be created is logged and reported in the state', async () => {
    await writeFile(join(home, '.config'), 'a file stands where the folder should be');
    const login = item();
    login.change(true);
    expect(login.state()).toBe('off');
    expect(log).toHaveBeenCalledExactlyOnceWith('WARNING', expect.objectContaining({ type: 'login_item_not_changed' }));
  });
});
