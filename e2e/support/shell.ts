import type { BrowserContext, ElectronApplication, Page } from '@playwright/test';
import type { MicrophonePermission, MicrophoneSource } from './microphone.ts';

/** Which of the two ways to run the app a project tests. */
export type ShellName = 'tab' | 'electron';

export interface OpenOptions {
  microphone: MicrophoneSource;
  permission: MicrophonePermission;
  /** Runs in the page before its own scripts. */
  initScript: (() => void) | null;
  /** Of the desktop app's process, over that of the test; undefined takes a variable away. */
  env: NodeJS.ProcessEnv;
}

/** A window in a process of its own. */
export interface OpenedWindow {
  context: BrowserContext;
  page: Page;
  /** The process behind it; null in a tab. */
  electron: ElectronApplication | null;
  /** The lines of the app's own that it has written to stderr; none in a tab, whose host is another process. */
  errors(): string[];
  close(): Promise<void>;
}
