import type { ElectronApplication, Page } from '@playwright/test';
import type { BridgeAnswer, VoiceAddress } from '../../shared/bridge.ts';

// What can happen to the voice server of the desktop app without its doing.

/** A server of Node in the main process, as far as it is looked at there. */
interface Listener {
  listen?: unknown;
  address?(): { port?: number } | null;
  _handle?: { close(done: () => void): void };
}
/** One of its connections. */
interface Connection {
  localPort?: number;
  server?: unknown;
  destroy(): void;
  pause(): void;
}

/** Where the app says that its voice server is. */
export async function voicePort(page: Page): Promise<number> {
  const answer = await page.evaluate(() =>
    (window as unknown as { earshot: { getVoiceAddress(): Promise<BridgeAnswer> } }).earshot.getVoiceAddress(),
  );
  return Number(new URL((answer as { value: VoiceAddress }).value.url ?? '').port);
}

/** Takes the listener of a port away, as the system may over a sleep: its server is not told, open connections stay. */
export async function closeListener(electron: ElectronApplication, port: number): Promise<void> {
  await electron.evaluate((_electron, port) => {
    const handles = (process as unknown as { _getActiveHandles(): Listener[] })._getActiveHandles();
    const server = handles.find((handle) => handle.listen !== undefined && handle.address?.()?.port === port);
    const listener = server?._handle;
    if (!listener) throw new Error(`nothing listens on ${port}`);
    return new Promise<void>((resolve) => listener.close(resolve));
  }, port);
}

/**
 * What becomes of the voice server's connections on a port: `destroy` cuts them, as a machine that sleeps may; with `pause`
 * nothing more is read of them.
 */
export async function applyToConnections(
  electron: ElectronApplication,
  port: number,
  method: 'destroy' | 'pause',
): Promise<void> {
  await electron.evaluate(
    (_electron, { port, method }) => {
      const handles = (process as unknown as { _getActiveHandles(): Connection[] })._getActiveHandles();
      for (const handle of handles) if (handle.localPort === port) handle[method]();
    },
    { port, method },
  );
}
