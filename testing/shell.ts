import type { BrowserContext, ElectronApplication, Page } from '@playwright/test';
import type { MicrophonePermission, MicrophoneSource } from './microphone.ts';

/** The two ways to run the app: in a browser tab, or as the desktop app. */
export type ShellName = 'tab' | 'electron';

export interface OpenOptions {
  /** In Electron, the first window sets it for the whole app. */
  microphone: MicrophoneSource;
  permission: MicrophonePermission;
  /** Evaluated in the page before its own scripts. */
  initScript: (() => void) | null;
  /** Changes to the environment of the desktop app or of the tab's browser; undefined removes a variable. */
  env: NodeJS.ProcessEnv;
}

export interface OpenedWindow {
  context: BrowserContext;
  page: Page;
  /** Electron's main process; null in a tab. */
  electron: ElectronApplication | null;
  /** Allows the microphone in a window that was opened with the permission `denied`. */
  allowMicrophone(): Promise<void>;
  close(): Promise<void>;
}

/** The voice server's address, and what a client needs to connect. */
export interface VoiceServerAddress {
  voice_url: string;
  token: string;
  /** The only origin that may connect. */
  origin: string;
}

/** The port on which the voice server restarts. */
type RestartPort = 'same port' | 'other port';

/** The process that runs the voice server: the host of a tab, or the main process of the desktop app. */
export interface Host extends VoiceServerAddress {
  /** The address of the page. */
  url: string;
  pid: number;
  /** What it has written to stderr so far. */
  errors(): string;
  /** Sends SIGINT or SIGTERM. Resolves with the exit code; null if it had to be killed. May be called again. */
  stop(signal?: 'SIGINT' | 'SIGTERM'): Promise<number | null>;
  /** Sends SIGKILL; resolves when the process has exited. */
  kill(): Promise<void>;
  /** Restarts the voice server of a host that was started with `restartable`. @returns the new `voice_url` */
  restartVoice(where: RestartPort): Promise<string>;
}
