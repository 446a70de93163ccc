import { CLOSE, type ClientMessage, parseServerMessage, type ServerMessage } from '../../shared/protocol.ts';
import type { AudioSender } from './session-audio.ts';

export interface VoiceSocketEvents {
  onOpen(): void;
  onMessage(message: ServerMessage): void;
  /** The frame is not a valid message; or, with `opened` false, the socket could not be created. */
  onUnreadable(detail: string, opened: boolean): void;
  onError(): void;
  /** `opened` false: the upgrade was refused, or nothing listens on the port. */
  onClose(code: number, reason: string, opened: boolean): void;
}

export interface VoiceSocket extends AudioSender {
  /** @returns false if the socket is not open */
  sendMessage(message: ClientMessage): boolean;
  /** Starts the closing handshake; `onClose` follows. */
  close(code: number): void;
  /** Closes the socket and ignores its further events. */
  abandon(code: number): void;
}

/** Closes with 1000 if the page may not use the code: `close()` accepts 1000 and 3000 to 4999 (WHATWG WebSockets). */
function closeQuietly(socket: WebSocket, code: number): void {
  socket.close(code === CLOSE.done || code >= 3000 ? code : CLOSE.done);
}

/** Wraps a browser's WebSocket for the voice protocol. All handlers are set in the tick that creates it. */
export function openVoiceSocket(create: () => WebSocket, events: VoiceSocketEvents): VoiceSocket {
  let opened = false;
  let socket: WebSocket;
  try {
    socket = create();
  } catch (error) {
    return neverOpened(error, events);
  }
  socket.onopen = () => {
    opened = true;
    events.onOpen();
  };
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== 'string') return events.onUnreadable('a binary frame', opened);
    const parsed = parseServerMessage(data);
    if (parsed.kind === 'message') events.onMessage(parsed.message);
    else events.onUnreadable(parsed.kind === 'unknown' ? `event ${parsed.event}` : parsed.reason, opened);
  };
  socket.onerror = () => events.onError();
  socket.onclose = ({ code, reason }) => events.onClose(code, reason, opened);

  const isOpen = (): boolean => socket.readyState === WebSocket.OPEN;
  return {
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send(frame) {
      if (isOpen()) socket.send(frame);
    },
    sendMessage(message) {
      if (!isOpen()) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
    close: (code) => closeQuietly(socket, code),
    abandon(code) {
      socket.onopen = socket.onmessage = socket.onerror = socket.onclose = null;
      closeQuietly(socket, code);
    },
  };
}

/** The browser rejected the URL or subprotocol: report it asynchronously, like a failed connection. */
function neverOpened(error: unknown, events: VoiceSocketEvents): VoiceSocket {
  let abandoned = false;
  queueMicrotask(() => {
    if (abandoned) return;
    // Log only the error's name: its message quotes the subprotocol, which contains the proof.
    events.onUnreadable(`the browser created no socket: ${error instanceof Error ? error.name : 'unknown'}`, false);
    events.onClose(CLOSE.lost, '', false);
  });
  return {
    bufferedAmount: 0,
    send: () => undefined,
    sendMessage: () => false,
    close: () => undefined,
    abandon() {
      abandoned = true;
    },
  };
}
