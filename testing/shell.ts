import type { BrowserContext, ElectronApplication, Page } from '@playwright/test';
import type { MicrophonePermission, MicrophoneSource } from './microphone.ts';

/** Which of the two ways to run the app a project tests. */
export type ShellName = 'tab' | 'electron';

export interface OpenOptions {
  /** In Electron one for the whole app: the first window says which. */
  microphone: MicrophoneSource;
  permission: MicrophonePermission;
  /** Runs in the page before its own scripts. */
  initScript: (() => void) | null;
  /** Of the process of the desktop app, or of the tab's browser, over that of the test; undefined takes a variable away. */
  env: NodeJS.ProcessEnv;
}

export interface OpenedWindow {
  context: BrowserContext;
  page: Page;
  /** Electron's main process; null in a tab. */
  electron: ElectronApplication | null;
  /** Lets pages use the microphone from now on, where it was opened with the permission `denied`. */
  allowMicrophone(): Promise<void>;
  close(): Promise<void>;
}

/** Where the voice server is, and what it asks of a client. */
export interface VoiceServerAddress {
  voice_url: string;
  token: string;
  /** Of the one page that may connect. */
  origin: string;
}

/** Where a new voice server is to stand. */
type RestartPort = 'same port' | 'other port';

/** The process that runs the voice server: the host of a tab, or the main process of the desktop app. */
export interface Host extends VoiceServerAddress {
  /** Of the page. */
  url: string;
  pid: number;
  /** What it wrote to stderr until now. */
  errors(): string;
  /** Ctrl-C, or another way to ask. Resolves with its exit code, null where it had to be killed; safe to call again. */
  stop(signal?: 'SIGINT' | 'SIGTERM'): Promise<number | null>;
  /** Kills it without a word; resolves when it is gone. */
  kill(): Promise<void>;
  /** Only of a host that was started as restartable. @returns the new `voice_url` */
  restartVoice(where: RestartPort): Promise<string>;
}
