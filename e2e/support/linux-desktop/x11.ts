import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, expect } from '@playwright/test';
import { type Program, run, startProgram } from './programs.ts';

// Keys, windows and window managers of the X display that the tests run on.

/** Presses keys, e.g. `ctrl+shift+m`. They go to the program that has grabbed them, or else to the focused window. */
export async function pressKeys(...keys: string[]): Promise<void> {
  await run('xdotool', ['key', '--clearmodifiers', ...keys]);
}

/**
 * Presses keys after 0.3 s. A global shortcut treats a press within 120 ms of the last one as a repeat of held keys.
 */
export async function pressKeysAgain(keys: string): Promise<void> {
  await run('xdotool', ['sleep', '0.3', 'key', '--clearmodifiers', keys]);
}

/** Opens a menu, waits until its window is visible, presses keys, and waits until it is closed. */
export async function useMenu(open: () => Promise<void>, ...keys: string[]): Promise<void> {
  await open();
  await expect.poll(menuIsOpen, { message: 'a menu is open' }).toBe(true);
  await pressKeys(...keys);
  await expect.poll(menuIsOpen, { message: 'a menu is open' }).toBe(false);
}

/** Whether a top-level window of the display is a visible menu. */
async function menuIsOpen(): Promise<boolean> {
  const children = await run('xwininfo', ['-root', '-children']);
  for (const [, id = ''] of children.matchAll(/^ +(0x[0-9a-f]+)/gm)) {
    // The window may have closed by now.
    const type = await run('xprop', ['-id', id, '_NET_WM_WINDOW_TYPE']).catch(() => '');
    if (!type.includes('MENU')) continue;
    if ((await run('xwininfo', ['-id', id]).catch(() => '')).includes('IsViewable')) return true;
  }
  return false;
}

/** Focuses the nth of the app's open windows, in the order in which they were opened, from 0. */
export async function focusAppWindow(electron: ElectronApplication, nth = 0): Promise<void> {
  // A window that is not yet visible refuses the focus, so try again.
  const focus = async () => {
    const { id } = await windowState(electron, nth);
    await run('xdotool', ['windowfocus', '--sync', String(id)]).catch(() => '');
    return (await windowState(electron, nth)).focused;
  };
  await expect.poll(focus, { message: 'the window has the focus' }).toBe(true);
}

/** Minimises the app's first window; resolves when the window manager has minimised it. */
export async function minimise(electron: ElectronApplication): Promise<void> {
  // The window manager must manage the window first.
  await expectMinimised(electron, false);
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
  await expectMinimised(electron, true);
}

/** Waits until the app's first window is minimised, or is not, according to its property WM_STATE. */
export async function expectMinimised(electron: ElectronApplication, minimised: boolean): Promise<void> {
  const { id } = await windowState(electron, 0);
  // Inter-Client Communication Conventions Manual, section 4.1.3.1.
  const state = async () => /window state: (\w+)/.exec(await run('xprop', ['-id', String(id), 'WM_STATE']))?.[1];
  await expect.poll(state, { message: 'the state of the window' }).toBe(minimised ? 'Iconic' : 'Normal');
}

/** What the window manager knows of the app's first window. */
export async function windowOf(electron: ElectronApplication) {
  const { id } = await windowState(electron, 0);
  return {
    title: async () => /= "(.*)"$/m.exec(await run('xprop', ['-id', String(id), '_NET_WM_NAME']))?.[1],
    /** The pixels of its icon. */
    icon: () => run('xprop', ['-id', String(id), '-notype', '32c', '_NET_WM_ICON']),
  };
}

function windowState(electron: ElectronApplication, nth: number): Promise<{ id: number; focused: boolean }> {
  return electron.evaluate(({ BrowserWindow }, nth) => {
    const window = BrowserWindow.getAllWindows().sort((a, b) => a.id - b.id)[nth];
    return { id: window?.getNativeWindowHandle().readUInt32LE(0) ?? 0, focused: window?.isFocused() ?? false };
  }, nth);
}

/**
 * Waits for a focused message box, presses keys in it, and waits until it is closed.
 * @param electron the app, whose own windows are ignored; null: there is none
 */
export async function answerMessageBox(
  electron: ElectronApplication | null,
  title: RegExp,
  ...keys: string[]
): Promise<void> {
  const windows = await electron?.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => window.getNativeWindowHandle().readUInt32LE(0)),
  );
  let box = 0;
  const titleOfBox = async () => {
    box = Number(await run('xdotool', ['getactivewindow']).catch(() => 0));
    if (box === 0 || windows?.includes(box)) return '';
    return await run('xdotool', ['getwindowname', String(box)]).then(
      (name) => name.trim(),
      () => '',
    );
  };
  await expect.poll(titleOfBox, { message: 'title of the focused message box' }).toMatch(title);
  await pressKeys(...keys);
  const isClosed = () =>
    run('xwininfo', ['-id', String(box)]).then(
      (output) => !output.includes('IsViewable'),
      () => true,
    );
  await expect.poll(isClosed, { message: 'the message box is closed' }).toBe(true);
}

/** Focuses an X window; resolves when it has the focus. */
export async function focusWindow(window: number): Promise<void> {
  await run('xdotool', ['windowfocus', '--sync', String(window)]);
}

/** Another program with a window, which records the keys that it gets. */
export interface OtherProgram {
  /** The id of its X window. */
  window: number;
  /** The X names of the keys that were pressed in it. */
  keys(): string[];
  stop(): Promise<void>;
}

/** Starts another program with a window (xev). */
export async function startOtherProgram(): Promise<OtherProgram> {
  const program = startProgram('xev', ['-event', 'keyboard', '-event', 'focus']);
  const find = () => /Outer window is (0x[0-9a-f]+)/.exec(program.output())?.[1];
  try {
    await expect.poll(find, { message: `the window of xev: ${program.output()}` }).toBeDefined();
    const window = Number(find());
    await run('xdotool', ['windowmap', '--sync', String(window)]);
    return {
      window,
      keys: () =>
        [...program.output().matchAll(/KeyPress event[\s\S]*?keysym 0x[0-9a-f]+, (\w+)/g)].map(([, key = '']) => key),
      stop: program.stop,
    };
  } catch (error) {
    await program.stop();
    throw error;
  }
}

/** @param grabs keys that the window manager grabs, in Openbox's notation, e.g. `C-S-m` */
export async function startOpenbox(grabs: readonly string[] = []): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-openbox-'));
  const file = join(folder, 'rc.xml');
  const bindings = grabs.map((keys) => `<keybind key="${keys}"><action name="Reconfigure"/></keybind>`);
  writeFileSync(
    file,
    `<openbox_config xmlns="http://openbox.org/3.4/rc"><keyboard>${bindings.join('')}</keyboard></openbox_config>`,
  );
  const program = await startWindowManager('openbox', ['--sm-disable', '--config-file', file]);
  return {
    ...program,
    async stop() {
      await program.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Starts IceWM, which has an XEmbed tray (System Tray Protocol). */
export async function startIcewm(): Promise<Program> {
  // Ignore the settings of the user who runs the test.
  const folder = mkdtempSync(join(tmpdir(), 'earshot-icewm-'));
  const program = await startWindowManager('icewm', [], { ICEWM_PRIVCFG: folder });
  return {
    ...program,
    async stop() {
      await program.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function startWindowManager(
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Program> {
  const program = startProgram(name, args, env);
  try {
    // Extended Window Manager Hints: a property of the root window names a window of the window manager.
    const check = async () => {
      const output = await run('xprop', ['-root', '_NET_SUPPORTING_WM_CHECK']);
      const id = /0x[0-9a-f]+/.exec(output)?.[0];
      return id ? await run('xprop', ['-id', id, '_NET_WM_NAME']).catch(() => '') : '';
    };
    await expect.poll(check, { message: `${name}: ${program.output()}` }).toMatch(new RegExp(name, 'i'));
    return program;
  } catch (error) {
    await program.stop();
    throw error;
  }
}

/** The icon in IceWM's tray. */
export interface EmbeddedIcon {
  /** Clicks with the left (1) or right (3) mouse button. */
  click(button: 1 | 3): Promise<void>;
  /** The pixels of the icon as text, for comparison. */
  pixels(): Promise<string>;
}

/** Waits for the icon in IceWM's tray. */
export async function embeddedIcon(): Promise<EmbeddedIcon> {
  // 0x2000fe "YXTrayEmbedder": ()  24x24+0+0  +1735+1175
  const pattern = /(0x[0-9a-f]+) "YXTrayEmbedder": \(\) {2}(\d+)x(\d+)\S+ {2}\+(\d+)\+(\d+)/;
  let found: RegExpExecArray | null = null;
  const look = async () => {
    found = pattern.exec(await run('xwininfo', ['-root', '-tree']));
    return found !== null;
  };
  await expect.poll(look, { message: 'an icon in the tray' }).toBe(true);
  const [, id = '', ...numbers] = found ?? [];
  const [width = 0, height = 0, x = 0, y = 0] = numbers.map(Number);
  return {
    async click(button) {
      await run('xdotool', ['mousemove', `${x + width / 2}`, `${y + height / 2}`, 'click', `${button}`]);
    },
    pixels: () => run('import', ['-window', id, '-depth', '8', 'txt:-']),
  };
}
