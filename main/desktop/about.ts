import { release, version } from 'node:os';
import { app, BrowserWindow, clipboard, dialog, type MessageBoxOptions } from 'electron';
import { text } from '../text/text.ts';
import { versionLines } from './diagnostics.ts';

/** Versions of Earshot, Electron, Chromium, Node and the operating system. */
export function versions(): Record<string, string> {
  return {
    Earshot: app.getVersion(),
    Electron: process.versions.electron ?? 'none',
    Chromium: process.versions.chrome ?? 'none',
    Node: process.versions.node,
    System: `${version()} (${process.platform} ${release()}, ${process.arch})`,
  };
}

export interface About {
  /** Shows the versions in a dialog, one at a time. */
  show(): Promise<void>;
  /** Copies the diagnostics to the clipboard and confirms it in a dialog. */
  copyDiagnostics(): Promise<void>;
}

/**
 * @param diagnostics returns the report to copy
 * @param icon null: the system shows the program's own icon
 */
export function createAbout(
  diagnostics: () => Promise<string>,
  icon: { icon: string } | null = null,
  platform: NodeJS.Platform = process.platform,
): About {
  /** Shows a dialog over the focused window. Not on macOS, where it would be a sheet, which has no title. */
  function showBox(options: MessageBoxOptions): Promise<{ response: number }> {
    const window = platform === 'darwin' ? null : BrowserWindow.getFocusedWindow();
    return window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options);
  }

  let open = false;
  let confirming = false;

  async function copyDiagnostics(): Promise<void> {
    clipboard.writeText(await diagnostics());
    if (confirming) return;
    confirming = true;
    try {
      await showBox({
        type: 'info',
        title: text.app.name,
        ...icon,
        message: text.about.copied,
        detail: text.about.copiedDetail,
        buttons: [text.app.ok],
        noLink: true,
      });
    } finally {
      confirming = false;
    }
  }

  return {
    copyDiagnostics,
    async show() {
      if (open) return;
      open = true;
      try {
        const { response } = await showBox({
          type: 'info',
          title: text.about.title,
          ...icon,
          message: text.app.name,
          detail: versionLines(versions()).join('\n'),
          buttons: [text.app.ok, text.about.copyDiagnostics],
          defaultId: 0,
          cancelId: 0,
          noLink: true,
        });
        if (response === 1) await copyDiagnostics();
      } finally {
        open = false;
      }
    },
  };
}
