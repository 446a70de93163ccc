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
import { busy } from '../../shared/call-limiter.ts';
import { MAX_CALL_DEPTH } from '../../shared/call-limits.ts';
import { describeError } from '../../shared/errors.ts';
import { isTooDeep } from '../../shared/json-depth.ts';
import { browserLanguages } from '../../shared/language.ts';
import type { Log } from '../../shared/log-event.ts';
import { type Hello, HelloAnswer } from '../../shared/proof.ts';
import { CLOSE } from '../../shared/protocol.ts';
import { closeWithTimeout } from '../guard/close-with-timeout.ts';
import { startHeartbeat } from '../guard/heartbeat.ts';
import type { ConnectionProof, LaunchProofs } from '../guard/launch-proofs.ts';
import { createRefusalLog } from '../guard/refusal-log.ts';
import { refuse } from '../guard/refuse.ts';
import { requestInfo } from '../guard/request-checks.ts';
import { guardUpgrade } from '../guard/upgrade-guard.ts';
import { answerBridgeCall } from '../host/bridge-handlers.ts';
import { createCallBudget } from '../host/call-budget.ts';

/** Largest frame a window may send: 200 log drafts with room to spare. */
export const MAX_FRAME_BYTES = 256 * 1024;
/** Limit for the fragments, and for the buffered chunks, of one frame. 256 KiB arrive in a few dozen. */
const MAX_FRAGMENTS = 1_024;
/**
 * Maximum number of windows. More than the voice server's connections, so that the voice server reports its limit
 * first.
 */
export const MAX_BRIDGES = 40;
/**
 * Unsent data (bytes) above which a window counts as not reading and is closed. Many times the largest answers, a page
 * of recordings or of the log's history (1 MB), so that a window that is busy for some seconds is not closed.
 */
export const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
/**
 * Limit for the unsent data of all windows together (bytes): four windows that do not read. Above it the window with
 * the most unsent data is terminated. Without it 40 windows could hold 640 MB.
 */
export const MAX_UNREAD_BYTES = 64 * 1024 * 1024;
/** Interval between pings (ms). A window that sends nothing between two pings is terminated. */
export const PING_EVERY_MS = 15_000;
/** Limit for a closing handshake (ms); then the socket is terminated. */
const CLOSE_TIMEOUT_MS = 1_000;
/** Limit for the page's answer to the challenge (ms): as long as a page waits for the host's proof. */
export const ANSWER_TIMEOUT_MS = 5_000;

/** A call from a window, with an id that the answer repeats. `args` is optional because JSON leaves out `undefined`. */
const CallFrame = z.object({ id: z.int().min(0), call: z.string().max(64), args: z.unknown().optional() });
type CallFrame = z.infer<typeof CallFrame>;

export interface BridgeSocketOptions {
  /** The page's `Host` header. */
  host: string;
  origin: string;
  proofs: LaunchProofs;
  handlers: BridgeHandlers;
  log: Log;
  /** A window has proven itself. @param languages of its browser, preferred first */
  onWindow?: (languages: string[]) => void;
}

export interface BridgeSocket {
  /** Upgrades a window's request to a WebSocket, or refuses it with a status and no body. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sends an event to every window. Closes windows that do not read, so that they don't use up memory. */
  notify: BridgeNotify;
  /** Number of open windows. */
  readonly size: number;
  /** Closes every window's socket with 1001 and refuses new ones. Takes at most a second. */
  close(): Promise<void>;
}

/**
 * The bridge for browser tabs: the same calls and events as over Electron IPC, as JSON frames on an authenticated
 * WebSocket.
 */
export function createBridgeSocket({
  host,
  origin,
  proofs,
  handlers,
  log,
  onWindow,
}: BridgeSocketOptions): BridgeSocket {
  // A variable, because @types/ws does not know all of these options yet and would reject them in a literal.
  const options = {
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    // Windows do not fragment frames.
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_FRAGMENTS,
    closeTimeout: CLOSE_TIMEOUT_MS,
    perMessageDeflate: false,
    clientTracking: true,
    // Answers with the protocol's name only, and does not repeat the client's proof.
    handleProtocols: () => BRIDGE_PROTOCOL,
  };
  const server = new WebSocketServer(options);
  const windows = server.clients;
  /**
   * Windows whose proof of the secret has been accepted; only these get events. After its proof, a page requests the
   * state that it has missed.
   */
  const proven = new Set<WebSocket>();
  const logRefusal = createRefusalLog(log, 'bridge');
  // Handshake errors found by ws after the guard's checks. The answer of ws itself would explain the error.
  server.on('wsClientError', (_error, socket) => {
    logRefusal(400, 'handshake');
    refuse(socket, 400);
  });
  let running = true;

  /** @param onSent called once the text has been passed to the operating system, or will not be sent */
  function send(window: WebSocket, text: string, onSent: () => void = () => undefined): void {
    if (window.readyState !== WebSocket.OPEN) return onSent();
    if (window.bufferedAmount > MAX_BUFFERED_BYTES) {
      void end(window, CLOSE.overloaded, 'not reading');
      onSent();
    } else window.send(text, onSent);
    limitBuffered();
  }

  /** Terminates the slowest window if the total is too large. A closing handshake would wait behind the unsent data. */
  function limitBuffered(): void {
    let total = 0;
    let slowest: WebSocket | null = null;
    for (const window of windows) {
      // A terminated window stays in the list until its close event.
      if (window.readyState !== WebSocket.OPEN) continue;
      total += window.bufferedAmount;
      if (slowest === null || window.bufferedAmount > slowest.bufferedAmount) slowest = window;
    }
    if (slowest === null || total <= MAX_UNREAD_BYTES) return;
    log('WARNING', { type: 'window_not_reading', unread_mb: Math.round(slowest.bufferedAmount / 2 ** 20) });
    slowest.terminate();
  }

  function welcome(window: WebSocket, proof: ConnectionProof, languages: string[]): void {
    // The proof comes first, even when the server is full: a page ignores everything that comes before it.
    const { challenge } = proof;
    window.send(JSON.stringify({ event: 'hello', proof: proof.prove(), challenge } satisfies Hello));
    if (windows.size > MAX_BRIDGES) {
      // Refused with a close code: a page can't see an HTTP status and would assume that the host is gone.
      logRefusal(CLOSE.overloaded, 'full');
      window.on('error', () => undefined);
      return void end(window, CLOSE.overloaded, 'too many windows');
    }
    window.on('error', (error) => log('WARNING', { type: 'bridge_socket', detail: describeError(error) }));
    const timer = setTimeout(() => rejectUnproven(window, 'no answer'), ANSWER_TIMEOUT_MS);
    window.once('close', () => clearTimeout(timer));
    window.once('message', (data: RawData, isBinary: boolean) => {
      clearTimeout(timer);
      const answer = isBinary ? null : HelloAnswer.safeParse(parseJson(String(data)));
      if (!answer?.success || !proof.verifyAnswer(answer.data.proof)) return rejectUnproven(window, 'wrong answer');
      onWindow?.(languages);
      serve(window);
    });
  }

  /** The proof in the upgrade is not enough: another program may have recorded it while it had the port. */
  function rejectUnproven(window: WebSocket, why: string): void {
    logRefusal(CLOSE.policy, why);
    void end(window, CLOSE.policy, 'not proven');
  }

  function serve(window: WebSocket): void {
    const queue: CallFrame[] = [];
    const budget = createCallBudget(() => performance.now());
    const heartbeat = startHeartbeat({
      pingMs: PING_EVERY_MS,
      graceMs: PING_EVERY_MS,
      ping: () => window.ping(),
      onDead: () => window.terminate(),
    });
    proven.add(window);

    async function answer({ id, call, args }: CallFrame): Promise<void> {
      const decision = budget.take(call, args);
      if (decision.action === 'end') {
        log('WARNING', { type: 'window_ended', call, why: decision.why });
        return void end(window, CLOSE.policy, decision.why);
      }
      if (decision.action === 'refuse') return send(window, JSON.stringify({ id, answer: busy() }));
      const answer = await answerBridgeCall(handlers, call, args, (name, error) =>
        log('ERROR', { type: 'bridge_call_failed', call: name, detail: describeError(error) }),
      );
      const address = call === 'getVoiceAddress' && answer.ok ? withoutSecret(answer.value as VoiceAddress) : null;
      // The call is pending until its answer is sent: a window that does not read gets no more answers.
      send(window, JSON.stringify({ id, answer: address === null ? answer : { ok: true, value: address } }), () => {
        decision.done();
        startCalls();
      });
    }

    /** Removes and returns the first call that may start. Calls that have to wait do not block the ones behind them. */
    function takeNext(): CallFrame | undefined {
      const next = queue.findIndex(({ call }) => budget.hasRoom(call));
      return next < 0 ? undefined : queue.splice(next, 1)[0];
    }

    /** Starts calls up to the limits. Pauses the socket while calls are waiting, so that the sender waits too. */
    function startCalls(): void {
      // Checked at each step: a call may close the window, and the calls behind it are then dropped.
      while (window.readyState === WebSocket.OPEN) {
        const frame = takeNext();
        if (frame === undefined) break;
        void answer(frame);
      }
      if (window.readyState !== WebSocket.OPEN) return;
      if (queue.length > 0) window.pause();
      else if (window.isPaused) window.resume();
    }

    window.on('pong', heartbeat.alive);
    window.on('close', (code) => {
      heartbeat.stop();
      proven.delete(window);
      log('WINDOW_CLOSED', { shell: 'tab', code, windows: proven.size });
    });
    window.on('message', (data: RawData, isBinary: boolean) => {
      if (window.readyState !== WebSocket.OPEN) return;
      heartbeat.alive();
      const frame = isBinary ? null : parseFrame(String(data));
      if (frame === null) return void end(window, CLOSE.policy, 'not a bridge call');
      queue.push(frame);
      startCalls();
    });
    log('WINDOW_OPENED', { shell: 'tab', windows: proven.size });
  }

  return {
    upgrade(request, socket, head) {
      const result = guardUpgrade(requestInfo(request), {
        path: BRIDGE_PATH,
        host,
        origin,
        proofs,
        protocol: BRIDGE_PROTOCOL,
        userId: 'none',
        capacity: { full: false },
        running,
      });
      if (!result.ok) {
        logRefusal(result.status, result.reason);
        return refuse(socket, result.status);
      }
      const languages = browserLanguages(request.headers['accept-language']);
      server.handleUpgrade(request, socket, head, (window) =>
        welcome(window, proofs.forConnection(result.connection), languages),
      );
    },
    notify(event, payload) {
      if (proven.size === 0 || SHELL_EVENTS.has(event)) return;
      // Serialised once: the text is the same for every window.
      const sent = event === 'onVoiceAddress' ? withoutSecret(payload as VoiceAddress) : payload;
      const text = JSON.stringify({ event, payload: sent });
      for (const window of proven) send(window, text);
    },
    get size() {
      return windows.size;
    },
    async close() {
      running = false;
      await Promise.all([...windows].map((window) => end(window, CLOSE.goingAway, 'Earshot is closing')));
    },
  };
}

/** The secret is never sent: the page has it from the fragment of its own address. */
function withoutSecret(address: VoiceAddress): VoiceAddress {
  return { ...address, token: '' };
}

function parseFrame(text: string): CallFrame | null {
  // The frame itself is one level around the arguments.
  return isTooDeep(text, MAX_CALL_DEPTH + 1) ? null : (CallFrame.safeParse(parseJson(text)).data ?? null);
}

/** @returns null if the text is not valid JSON */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function end(window: WebSocket, code: number, reason: string): Promise<void> {
  return closeWithTimeout(window, code, reason, CLOSE_TIMEOUT_MS);
}
