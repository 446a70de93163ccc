import { CLOSE, type ClientMessage, parseServerMessage, type ServerMessage } from '../../shared/protocol.ts';
import type { AudioGate } from './session-audio.ts';

export interface VoiceSocketEvents {
  onOpen(): void;
  onMessage(message: ServerMessage): void;
  /** A frame that is no message of ours; or, with `opened` false, there was no socket to be made. */
  onUnreadable(detail: string, opened: boolean): void;
  onError(): void;
  /** `opened` false: the upgrade was refused, or nobody was there. */
  onClose(code: number, reason: string, opened: boolean): void;
}

export interface VoiceSocket extends AudioGate {
  /** @returns whether the socket took it: only an open one does */
  say(message: ClientMessage): boolean;
  /** Asks for the closing handshake; `onClose` follows. */
  close(code: number): void;
  /** Closes, and hears nothing of it any more. */
  abandon(code: number): void;
}

/** Codes that a page may close with (WHATWG WebSockets, `close()`): 1000 and 3000 to 4999. */
function closeQuietly(socket: WebSocket, code: number): void {
  socket.close(code === CLOSE.done || code >= 3000 ? code : CLOSE.done);
}

/** A browser's socket that speaks the protocol. All handlers are set in the tick that makes it. */
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
    say(message) {
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

/** A URL or subprotocol that the browser refuses: told like a connection that failed, and as late. */
function neverOpened(error: unknown, events: VoiceSocketEvents): VoiceSocket {
  let abandoned = false;
  queueMicrotask(() => {
    if (abandoned) return;
    // Only the name: the browser's message quotes the subprotocol, and with it the proof.
    events.onUnreadable(`the browser made no socket: ${error instanceof Error ? error.name : 'unknown'}`, false);
    events.onClose(CLOSE.lost, '', false);
  });
  return {
    bufferedAmount: 0,
    send: () => undefined,
    say: () => false,
    close: () => undefined,
    abandon() {
      abandoned = true;
    },
  };
}
