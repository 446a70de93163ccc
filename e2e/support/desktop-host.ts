import { once } from 'node:events';
import type { ElectronApplication, Page } from '@playwright/test';
import { ORIGIN } from '../../main/desktop/origin.ts';
import type { Host } from '../../testing/shell.ts';
import { voiceAddress } from './bridge.ts';
import { type ChromiumProcess, chromiumProcesses, type ProcessInfo, processTree } from './processes.ts';

/** Time limit (ms) for the app to exit. */
const TIMEOUT_MS = 15_000;

/** The desktop app's main process. */
export interface DesktopHost extends Host {
  electron: ElectronApplication;
  /** Resolves with the exit code; null when a signal ended the process. */
  exited: Promise<number | null>;
  /** The main process and all of its descendants. Linux only. */
  processes(): ProcessInfo[];
  /** Chromium's processes of one kind. Linux only. */
  processesOf(kind: ChromiumProcess): ProcessInfo[];
}

/** The host behind a window of a running app. */
export async function desktopHost(electron: ElectronApplication, page: Page): Promise<DesktopHost> {
  const child = electron.process();
  const { pid } = child;
  if (pid === undefined) throw new Error('Electron did not start');
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const { url, token } = await voiceAddress(page);
  return {
    electron,
    pid,
    exited,
    voice_url: url ?? '',
    token,
    origin: ORIGIN,
    url: page.url(),
    errors: () => errors,
    processes: () => processTree(pid),
    processesOf: (kind) => chromiumProcesses(pid, kind),
    async stop(signal = 'SIGINT') {
      child.kill(signal);
      const kill = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
      return exited.finally(() => clearTimeout(kill));
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async restartVoice(where) {
      await electron.evaluate(
        (_electron, where) =>
          (globalThis as unknown as { restartVoice(where: string): Promise<void> }).restartVoice(where),
        where,
      );
      return (await voiceAddress(page)).url ?? '';
    },
  };
}
