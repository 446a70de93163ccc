import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, expect } from '@playwright/test';
import { type Program, run, startProgram } from './programs.ts';

/** Keys, windows and window managers of the X display that the tests run on. */

/** Presses keys as a keyboard does, e.g. `ctrl+shift+m`: whoever has the focus, or has grabbed them, gets them. */
export async function pressKeys(...keys: string[]): Promise<void> {
  await run('xdotool', ['key', '--clearmodifiers', ...keys]);
}

/**
 * Presses keys as soon as a finger can after it has let them go. A global shortcut takes what comes within 120 ms for the
 * repeat of keys that are held.
 */
export async function pressKeysAgain(keys: string): Promise<void> {
  await run('xdotool', ['sleep', '0.3', 'key', '--clearmodifiers', keys]);
}

/** Opens a menu, and presses keys in it once it is there: it is a window of its own. */
export async function useMenu(open: () => Promise<void>, ...keys: string[]): Promise<void> {
  await open();
  await expect.poll(menuIsOpen, { message: 'a menu is open' }).toBe(true);
  await pressKeys(...keys);
  await expect.poll(menuIsOpen, { message: 'a menu is open' }).toBe(false);
}

/** Whether one of the windows right on the display is a menu that can be seen. */
async function menuIsOpen(): Promise<boolean> {
  const children = await run('xwininfo', ['-root', '-children']);
  // The topmost first.
  for (const [, id = ''] of children.matchAll(/^ +(0x[0-9a-f]+)/gm)) {
    // One that is gone by now is none.
    const type = await run('xprop', ['-id', id, '_NET_WM_WINDOW_TYPE']).catch(() => '');
    if (!type.includes('MENU')) continue;
    if ((await run('xwininfo', ['-id', id]).catch(() => '')).includes('IsViewable')) return true;
  }
  return false;
}

/** Gives the keyboard to the app's window that was opened as the nth of those that are open, counted from 0. */
export async function focusAppWindow(electron: ElectronApplication, nth = 0): Promise<void> {
  // One that is just being shown refuses the focus.
  const focus = async () => {
    const { id } = await windowState(electron, nth);
    await run('xdotool', ['windowfocus', '--sync', String(id)]).catch(() => '');
    return (await windowState(electron, nth)).focused;
  };
  await expect.poll(focus, { message: 'the window has the focus' }).toBe(true);
}

/** Minimises the app's first window; resolves when the window manager has done it. */
export async function minimise(electron: ElectronApplication): Promise<void> {
  // One that the window manager does not have yet can't be.
  await expectMinimised(electron, false);
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
  await expectMinimised(electron, true);
}

/** Waits until the app's first window is minimised or not, by the window manager's own mark. */
export async function expectMinimised(electron: ElectronApplication, minimised: boolean): Promise<void> {
  const { id } = await windowState(electron, 0);
  // Inter-Client Communication Conventions Manual, section 4.1.3.1.
  const state = async () => /window state: (\w+)/.exec(await run('xprop', ['-id', String(id), 'WM_STATE']))?.[1];
  await expect.poll(state, { message: 'the state of the window' }).toBe(minimised ? 'Iconic' : 'Normal');
}

function windowState(electron: ElectronApplication, nth: number): Promise<{ id: number; focused: boolean }> {
  return electron.evaluate(({ BrowserWindow }, nth) => {
    const window = BrowserWindow.getAllWindows().sort((a, b) => a.id - b.id)[nth];
    return { id: window?.getNativeWindowHandle().readUInt32LE(0) ?? 0, focused: window?.isFocused() ?? false };
  }, nth);
}

/**
 * Waits for a box that has the keyboard, presses keys in it, and waits until it is closed.
 * @param electron whose windows are no such boxes
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
  await expect.poll(titleOfBox, { message: 'the box that has the keyboard' }).toMatch(title);
  await pressKeys(...keys);
  const isClosed = () =>
    run('xwininfo', ['-id', String(box)]).then(
      (output) => !output.includes('IsViewable'),
      () => true,
    );
  await expect.poll(isClosed, { message: 'the box is closed' }).toBe(true);
}

/** Gives a window the keyboard; resolves when it has it. */
export async function focusWindow(window: number): Promise<void> {
  await run('xdotool', ['windowfocus', '--sync', String(window)]);
}

/** Another program with a window, which tells the keys that reach it. */
export interface OtherProgram {
  /** Its X window. */
  window: number;
  /** The names of the keys that it was pressed, as X names them. */
  keys(): string[];
  stop(): Promise<void>;
}

/** Starts a program with a window on the same display. */
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

/** @param grabs keys that the window manager keeps to itself, as Openbox writes them: `C-S-m` */
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

/** A window manager with a tray of the older kind (System Tray Protocol, XEmbed). */
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
    // Extended Window Manager Hints: whoever manages the windows has a window of its own, named at the root.
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

/** An icon in the tray of IceWM. */
export interface EmbeddedIcon {
  /** 1 is the left button of the mouse, 3 the right one. */
  click(button: 1 | 3): Promise<void>;
  /** What it looks like now: equal texts are equal pictures. */
  pixels(): Promise<string>;
}

/** Waits for the one icon in IceWM's tray. */
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
