import { type AddressInfo, Server } from 'node:net';

/**
 * Closes the listening socket of a port of this process without notifying its server, as the system may do during
 * sleep. Open connections stay.
 */
export async function closeListener(port: number): Promise<void> {
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  const server = handles.find(
    (handle): handle is Server => handle instanceof Server && (handle.address() as AddressInfo | null)?.port === port,
  );
  if (!server) throw new Error(`nothing listens on ${port}`);
  const { _handle } = server as unknown as { _handle: { close(done: () => void): void } };
  await new Promise<void>((resolve) => _handle.close(resolve));
}
