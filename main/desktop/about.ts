import { release, version } from 'node:os';
import { app, BrowserWindow, clipboard, dialog, type MessageBoxOptions } from 'electron';
import { versionLines } from './diagnostics.ts';

/** Of Earshot, what it runs on, and the system. */
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
  /** Says what runs here. One box at a time. */
  show(): Promise<void>;
  /** Copies them and says so. */
  copyDiagnostics(): Promise<void>;
}

/**
 * @param diagnostics the report to copy
 * @param icon null: the system shows one itself
 */
export function createAbout(
  diagnostics: () => Promise<string>,
  icon: { icon: string } | null = null,
  platform: NodeJS.Platform = process.platform,
): About {
  /** In the middle of the window that was asked; on macOS it would be a sheet, which says nothing of its own. */
  function box(options: MessageBoxOptions): Promise<{ response: number }> {
    const window = platform === 'darwin' ? null : BrowserWindow.getFocusedWindow();
    return window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options);
  }

  let open = false;
  let told = false;

  async function copyDiagnostics(): Promise<void> {
    clipboard.writeText(await diagnostics());
    if (told) return;
    told = true;
    try {
      await box({
        type: 'info',
        title: 'Earshot',
        ...icon,
        message: 'Copied',
        detail: 'The diagnostics are in the clipboard. Paste them where you want to send them, and read them first.',
        buttons: ['OK'],
        noLink: true,
      });
    } finally {
      told = false;
    }
  }

  return {
    copyDiagnostics,
    async show() {
      if (open) return;
      open = true;
      try {
        const { response } = await box({
          type: 'info',
          title: 'About Earshot',
          ...icon,
          message: 'Earshot',
          detail: versionLines(versions()).join('\n'),
          buttons: ['OK', 'Copy Diagnostics'],
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
