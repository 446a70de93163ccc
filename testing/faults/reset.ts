import type { Socket } from 'node:net';

/** Closes a socket with RST if possible, else with FIN. */
export function reset(socket: Socket): void {
  // While shutdown(2) is pending, libuv fails to reset a socket with EINVAL. Node then never closes it: there is no
  // `close` event, and the process does not exit.
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
