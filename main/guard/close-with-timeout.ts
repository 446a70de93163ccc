/** The parts of a WebSocket (ws) that `closeWithTimeout` needs. */
interface ClosableSocket {
  readonly readyState: number;
  readonly isPaused: boolean;
  readonly CLOSED: number;
  resume(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  once(event: 'close', listener: () => void): unknown;
}

/**
 * Starts the closing handshake (RFC 6455 section 7.1.2), or completes one that the peer started. Terminates the socket
 * if the handshake takes longer than `ms`, because a frozen peer never answers.
 * @returns resolves when the socket is closed; never rejects
 */
export function closeWithTimeout(socket: ClosableSocket, code: number, reason: string, ms: number): Promise<void> {
  if (socket.readyState === socket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), ms);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    // A paused socket would not receive the peer's close frame.
    if (socket.isPaused) socket.resume();
    socket.close(code, reason);
  });
}
