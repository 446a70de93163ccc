import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import {
  BRIDGE_PATH,
  BRIDGE_PROTOCOL,
  type BridgeHandlers,
  type BridgeNotify,
  SHELL_EVENTS,
  type VoiceAddress,
} from '../../shared/bridge.ts';
import { MAX_CALL_DEPTH } from '../../shared/call-bounds.ts';
import { busy } from '../../shared/call-gate.ts';
import { describeError } from '../../shared/errors.ts';
import { isTooDeep } from '../../shared/json-depth.ts';
import type { Log } from '../../shared/log-event.ts';
import { type Hello, HelloAnswer } from '../../shared/proof.ts';
import { CLOSE } from '../../shared/protocol.ts';
import type { ConnectionProof, LaunchProofs } from '../guard/launch-proofs.ts';
import { createRefusalLog } from '../guard/refusal-log.ts';
import { refuse } from '../guard/refuse.ts';
import { requestInfo } from '../guard/request-checks.ts';
import { guardUpgrade } from '../guard/upgrade-guard.ts';
import { answerBridgeCall } from '../host/bridge-handlers.ts';
import { createCallBudget } from '../host/call-budget.ts';

/** Largest frame a window may send: 200 log drafts with room to spare. */
export const MAX_FRAME_BYTES = 256 * 1024;
/** Fragments of one frame, and reads that it takes: 256 KiB come in a few dozen. */
const MAX_FRAGMENTS = 1_024;
/** A window each: more than the voice server has connections, so that it is the one to say that it is full. */
export const MAX_BRIDGES = 40;
/**
 * A window that has this much unread (bytes) is not reading. More than the largest answer, a log history of 10,000 of
 * the longest lines (10 MB): a window that asks for it while records come in must not be taken for one that is stuck.
 */
export const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
/**
 * Bytes that all windows together have unread. Six of the largest answers, for windows that are opened at once; beyond it the
 * window with the most of it is cut. By their own bounds alone forty windows could hold 640 MB and more.
 */
export const MAX_UNREAD_BYTES = 64 * 1024 * 1024;
/** A window that was not heard between two pings is gone (ms). */
export const PING_EVERY_MS = 15_000;
/** How long a closing handshake may take before the socket is cut (ms). */
const CLOSE_TIMEOUT_MS = 1_000;
/** How long a page may take to answer the challenge (ms): as long as it waits for the host's proof. */
export const ANSWER_TIMEOUT_MS = 5_000;

/** What a window sends: a call, with an id of its own choice that comes back with the answer. JSON leaves `undefined` out. */
const CallFrame = z.object({ id: z.int().min(0), call: z.string().max(64), args: z.unknown().optional() });
type CallFrame = z.infer<typeof CallFrame>;

export interface BridgeSocketOptions {
  /** The page's, as its browser writes it in `Host`. */
  host: string;
  origin: string;
  proofs: LaunchProofs;
  handlers: BridgeHandlers;
  log: Log;
}

export interface BridgeSocket {
  /** Lets a window in, or answers with a bare status. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells every window. A window that does not read is let go, so that it can't hold memory or the others. */
  notify: BridgeNotify;
  /** Open windows. */
  readonly size: number;
  /** Closes every window's socket with 1001 and lets no other in; takes at most a second. */
  close(): Promise<void>;
}

/** The bridge for browser tabs: the same calls and events as over Electron IPC, as JSON frames on a guarded socket. */
export function createBridgeSocket({ host, origin, proofs, handlers, log }: BridgeSocketOptions): BridgeSocket {
  // By a name: @types/ws does not know all of them yet.
  const options = {
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    // A window sends each frame whole; what comes in more pieces than this is no window.
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_FRAGMENTS,
    closeTimeout: CLOSE_TIMEOUT_MS,
    perMessageDeflate: false,
    clientTracking: true,
    // Only the protocol's own name: the proof is for nobody else.
    handleProtocols: () => BRIDGE_PROTOCOL,
  };
  const server = new WebSocketServer(options);
  const windows = server.clients;
  /**
   * Those of them that have proven that they know the secret: only these are told of events. What a page missed before, in the
   * moment between the two proofs, it asks for: each of its calls comes after its own.
   */
  const proven = new Set<WebSocket>();
  /** Windows that have been heard since the last ping. */
  const alive = new WeakSet<WebSocket>();
  const refused = createRefusalLog(log, 'bridge');
  // What ws finds wrong in a handshake that the guard let through. Its own answer would explain.
  server.on('wsClientError', (_error, socket) => {
    refused(400, 'handshake');
    refuse(socket, 400);
  });
  let running = true;

  // After a machine's sleep timers run before sockets are read: setImmediate lets a pong that waits there count first.
  const heartbeat = setInterval(() => setImmediate(checkWindows), PING_EVERY_MS);
  heartbeat.unref();
  function checkWindows(): void {
    for (const window of windows) {
      if (!alive.delete(window)) window.terminate();
      else window.ping();
    }
  }

  /** @param onGone called once the text has been handed to the system, or will not be sent */
  function send(window: WebSocket, text: string, onGone: () => void = () => undefined): void {
    if (window.readyState !== WebSocket.OPEN) return onGone();
    if (window.bufferedAmount > MAX_BUFFERED_BYTES) {
      void end(window, CLOSE.overloaded, 'not reading');
      onGone();
    } else window.send(text, onGone);
    cutDeafest();
  }

  /** Frees memory at once: a closing handshake would wait behind all that is not read. */
  function cutDeafest(): void {
    let unread = 0;
    let deafest: WebSocket | null = null;
    for (const window of windows) {
      // One that was cut stands in the list until its close is told.
      if (window.readyState !== WebSocket.OPEN) continue;
      unread += window.bufferedAmount;
      if (deafest === null || window.bufferedAmount > deafest.bufferedAmount) deafest = window;
    }
    if (deafest === null || unread <= MAX_UNREAD_BYTES) return;
    log('WARNING', { type: 'window_not_reading', unread_mb: Math.round(deafest.bufferedAmount / 2 ** 20) });
    deafest.terminate();
  }

  function welcome(window: WebSocket, proof: ConnectionProof): void {
    // Before anything else, that there is no room left among it: a page believes nothing that comes without it.
    const { challenge } = proof;
    window.send(JSON.stringify({ event: 'hello', proof: proof.prove(), challenge } satisfies Hello));
    if (windows.size > MAX_BRIDGES) {
      // Told by a close code: a page can't see an HTTP status, and would take the host for gone.
      refused(CLOSE.overloaded, 'full');
      window.on('error', () => undefined);
      return void end(window, CLOSE.overloaded, 'too many windows');
    }
    window.on('error', (error) => log('WARNING', { type: 'bridge_socket', detail: describeError(error) }));
    alive.add(window);
    const late = setTimeout(() => distrust(window, 'no answer'), ANSWER_TIMEOUT_MS);
    window.once('close', () => clearTimeout(late));
    window.once('message', (data: RawData, isBinary: boolean) => {
      clearTimeout(late);
      const answer = isBinary ? null : HelloAnswer.safeParse(parseJson(String(data)));
      if (answer?.success && proof.isAnswer(answer.data.proof)) serve(window);
      else distrust(window, 'wrong answer');
    });
  }

  /** Its upgrade had a proof, but that may be one which another program kept while it had the port. */
  function distrust(window: WebSocket, why: string): void {
    refused(CLOSE.policy, why);
    void end(window, CLOSE.policy, 'not proven');
  }

  function serve(window: WebSocket): void {
    const queue: CallFrame[] = [];
    const budget = createCallBudget(() => performance.now());
    proven.add(window);

    async function answer({ id, call, args }: CallFrame): Promise<void> {
      const verdict = budget.take(call, args);
      if (verdict.verdict === 'end') {
        log('WARNING', { type: 'window_ended', call, why: verdict.why });
        return void end(window, CLOSE.policy, verdict.why);
      }
      if (verdict.verdict === 'refuse') return send(window, JSON.stringify({ id, answer: busy() }));
      const answer = await answerBridgeCall(handlers, call, args, (name, error) =>
        log('ERROR', { type: 'bridge_call_failed', call: name, detail: describeError(error) }),
      );
      const told = call === 'getVoiceAddress' && answer.ok ? withoutSecret(answer.value as VoiceAddress) : null;
      // Under way until it has left: whoever does not read its answers gets no more of them.
      send(window, JSON.stringify({ id, answer: told === null ? answer : { ok: true, value: told } }), () => {
        verdict.done();
        work();
      });
    }

    /** The next call that may begin: one that may does not wait behind one that may not. */
    function takeNext(): CallFrame | undefined {
      const next = queue.findIndex(({ call }) => budget.hasRoom(call));
      return next < 0 ? undefined : queue.splice(next, 1)[0];
    }

    /** Starts what may start. While something waits, nothing more is read: the sender waits too. */
    function work(): void {
      // What is under way when we close is not answered, nor what waits behind the call for which it is closed.
      while (window.readyState === WebSocket.OPEN) {
        const frame = takeNext();
        if (frame === undefined) break;
        void answer(frame);
      }
      if (window.readyState !== WebSocket.OPEN) return;
      if (queue.length > 0) window.pause();
      else if (window.isPaused) window.resume();
    }

    window.on('pong', () => alive.add(window));
    window.on('close', (code) => {
      proven.delete(window);
      log('WINDOW_CLOSED', { shell: 'tab', code, windows: proven.size });
    });
    window.on('message', (data: RawData, isBinary: boolean) => {
      if (window.readyState !== WebSocket.OPEN) return;
      alive.add(window);
      const frame = isBinary ? null : parseFrame(String(data));
      if (frame === null) return void end(window, CLOSE.policy, 'not a bridge call');
      queue.push(frame);
      work();
    });
    log('WINDOW_OPENED', { shell: 'tab', windows: proven.size });
  }

  return {
    upgrade(request, socket, head) {
      const verdict = guardUpgrade(requestInfo(request), {
        path: BRIDGE_PATH,
        host,
        origin,
        proofs,
        protocol: BRIDGE_PROTOCOL,
        userId: 'none',
        capacity: { full: false },
        running,
      });
      if (!verdict.ok) {
        refused(verdict.status, verdict.reason);
        return refuse(socket, verdict.status);
      }
      server.handleUpgrade(request, socket, head, (window) => welcome(window, proofs.of(verdict.connection)));
    },
    notify(event, payload) {
      if (proven.size === 0 || SHELL_EVENTS.has(event)) return;
      // Once for all windows: a log batch is the same text for each.
      const told = event === 'onVoiceAddress' ? withoutSecret(payload as VoiceAddress) : payload;
      const text = JSON.stringify({ event, payload: told });
      for (const window of proven) send(window, text);
    },
    get size() {
      return windows.size;
    },
    async close() {
      running = false;
      clearInterval(heartbeat);
      await Promise.all([...windows].map((window) => end(window, CLOSE.goingAway, 'Earshot is closing')));
    },
  };
}

/** The page has it from its own address, and the secret never travels. */
function withoutSecret(address: VoiceAddress): VoiceAddress {
  return { ...address, token: '' };
}

function parseFrame(text: string): CallFrame | null {
  // The arguments stand in the frame.
  return isTooDeep(text, MAX_CALL_DEPTH + 1) ? null : (CallFrame.safeParse(parseJson(text)).data ?? null);
}

/** Null where it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Closes in good order, and cuts the socket of a peer that does not answer in time. */
function end(window: WebSocket, code: number, reason: string): Promise<void> {
  return new Promise((resolve) => {
    if (window.readyState === WebSocket.CLOSED) return resolve();
    const cut = setTimeout(() => window.terminate(), CLOSE_TIMEOUT_MS);
    window.once('close', () => {
      clearTimeout(cut);
      resolve();
    });
    // A paused socket would not hear the other side's close.
    if (window.isPaused) window.resume();
    window.close(code, reason);
  });
}
