import { type AddressInfo, Server } from 'node:net';

/**
 * Takes the listener of a port of this process away, as the system may over a sleep: its server is not told, and open
 * connections stay.
 */
export async function loseListener(port: number): Promise<void> {
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  const server = handles.find(
    (handle): handle is Server => handle instanceof Server && (handle.address() as AddressInfo | null)?.port === port,
  );
  if (!server) throw new Error(`nothing listens on ${port}`);
  const { _handle } = server as unknown as { _handle: { close(done: () => void): void } };
  await new Promise<void>((resolve) => _handle.close(resolve));
}
