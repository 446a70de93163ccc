import type { BrowserContext, ElectronApplication, Page } from '@playwright/test';
import type { MicrophonePermission, MicrophoneSource } from './microphone.ts';

/** Which of the two ways to run the app a project tests. */
export type ShellName = 'tab' | 'electron';

export interface OpenOptions {
  microphone: MicrophoneSource;
  permission: MicrophonePermission;
  /** Runs in the page before its own scripts. */
  initScript: (() => void) | null;
}

/** A window in a process of its own. */
export interface OpenedWindow {
  context: BrowserContext;
  page: Page;
  /** Electron's main process; null in a tab. */
  electron: ElectronApplication | null;
  close(): Promise<void>;
}
