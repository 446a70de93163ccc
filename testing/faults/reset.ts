import type { Socket } from 'node:net';

/** Ends a connection with RST where that can be done, else with FIN. Always closes the socket. */
export function reset(socket: Socket): void {
  // While its own end is on the way (shutdown(2) pending), libuv refuses to reset a socket with EINVAL, and Node then
  // leaves it open for ever: no `close`, and the process hangs at its exit.
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
