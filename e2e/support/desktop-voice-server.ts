import type { ElectronApplication, Page } from '@playwright/test';
import { voiceAddress } from './bridge.ts';

// Breaks the voice server of the desktop app from inside its main process.

/** The parts of a Node server that are used here. */
interface Listener {
  listen?: unknown;
  address?(): { port?: number } | null;
  _handle?: { close(done: () => void): void };
}
/** The parts of a server's connection that are used here. */
interface Connection {
  localPort?: number;
  server?: unknown;
  destroy(): void;
  pause(): void;
}

/** The port of the voice server, as the page gets it over the bridge. */
export async function voicePort(page: Page): Promise<number> {
  return Number(new URL((await voiceAddress(page)).url ?? '').port);
}

/**
 * Closes the listening handle of a port, as the system may do during sleep. The server gets no event, and connections
 * stay open.
 */
export async function closeListener(electron: ElectronApplication, port: number): Promise<void> {
  await electron.evaluate((_electron, port) => {
    const handles = (process as unknown as { _getActiveHandles(): Listener[] })._getActiveHandles();
    const server = handles.find((handle) => handle.listen !== undefined && handle.address?.()?.port === port);
    const listener = server?._handle;
    if (!listener) throw new Error(`nothing listens on ${port}`);
    return new Promise<void>((resolve) => listener.close(resolve));
  }, port);
}

/** Destroys the server's connections on a port, or stops reading from them (`pause`). */
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
