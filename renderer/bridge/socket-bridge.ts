import { z } from 'zod';
import {
  BRIDGE_EVENTS,
  BRIDGE_PROTOCOL,
  type Bridge,
  type BridgeArgs,
  type BridgeCallName,
  type BridgeEventName,
  type BridgePayload,
  SHELL_EVENTS,
} from '../../shared/bridge.ts';
import { type ClientProof, createClientProof } from '../../shared/client-proof.ts';
import { EarshotError } from '../../shared/errors.ts';
import { Hello, type HelloAnswer } from '../../shared/proof.ts';
import { CLOSE } from '../../shared/protocol.ts';
import { backoffMs } from '../connection/backoff.ts';
import { text } from '../text/text.ts';
import type { HostAnswer } from './host-check.ts';
import { createLink, type Link } from './link.ts';
import { Answer, bridgeOver, readPayload, unwrap } from './rpc.ts';

/** Maximum time (ms) that a call waits for a reconnect. */
export const CALL_WAIT_MS = 5_000;
/** Timeout (ms) for a connection until its host has proven itself. On loopback it takes 1 to 2 ms. */
export const OPEN_TIMEOUT_MS = 5_000;
/** Retry delay (ms) after another program answered in the host's place. The host may get its port back. */
export const UNPROVEN_RETRY_MS = 15_000;
/** A connection that lasted this long (ms) resets the backoff. */
export const STABLE_AFTER_MS = 5_000;
/** Maximum number of waiting calls: many times what a window requests in five seconds. */
export const MAX_WAITING = 100;
/** Consecutive refused connections after which the link is `unreachable`. */
export const MAX_REFUSALS = 5;
/** Maximum frame size that the host accepts, in bytes. */
const MAX_FRAME_BYTES = 256 * 1024;

/** A frame from the host: the answer to a call, or an event. */
const HostFrame = z.union([
  z.object({ id: z.int().min(0), answer: Answer }),
  z.object({ event: z.string(), payload: z.unknown() }),
]);

/** The part of a browser's WebSocket that is used here. */
export interface Socket {
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  send(text: string): void;
  close(): void;
}
/** `readyState` of an open socket. */
const OPEN = 1;
export type SocketMaker = new (url: string, protocols: string[]) => Socket;

export interface SocketBridgeOptions {
  /** `ws://<name>:<port>/ws/bridge` */
  url: string;
  token: string;
  /** Origin of the page, as the browser sends it. */
  origin: string;
  WebSocket: SocketMaker;
  /** Checks who answers at the address, before each reconnect. Never rejects. */
  checkHost: () => Promise<HostAnswer>;
  /** Whether the host refuses this page's requests because of their cookies. Never rejects. */
  hasTooManyCookies: () => Promise<boolean>;
  /** Jitter of the backoff, in [0, 1). */
  random?: () => number;
}

interface Call {
  id: number;
  /** The call as JSON. */
  frame: string;
  settle(answer: unknown): void;
  reject(error: EarshotError): void;
  /** Runs while the call waits for a connection. */
  timer?: ReturnType<typeof setTimeout>;
}

/**
 * Connects a browser tab to its host over a WebSocket, and reconnects with backoff.
 *
 * Calls made while disconnected wait for at most `CALL_WAIT_MS`. Calls in flight when the connection is lost reject
 * with `bridge_lost`; they are not resent, because the host may have executed them.
 *
 * Nothing is sent or accepted before the host's first frame has proven that it knows the secret. The link's state says
 * why a reconnect failed:
 *
 * - `unproven`: another program answers in the host's place. The next attempt follows after `UNPROVEN_RETRY_MS`.
 * - `too_many_cookies`: the host refuses the socket because of the page's cookies. Retries continue.
 * - `restarted`: another launch answers. There is no retry, and every call rejects with `bridge_restarted`. This is
 *   checked before each reconnect, but not before the first connection, since the page was just loaded from there.
 *
 * A host without room for another tab proves itself on the first connection and closes it with 1013. There is no retry,
 * and every call rejects with `bridge_full`.
 * @returns once the host has proven itself on the first connection
 * @throws {EarshotError} if the first connection fails: `bridge_cookies` because of the page's cookies,
 *   `bridge_restarted` if another launch answers, `bridge_unproven` if another program does, `bridge_unreachable`
 *   otherwise
 */
export function connectSocketBridge(options: SocketBridgeOptions): Promise<{ bridge: Bridge; link: Link }> {
  const { url, token, origin, checkHost, hasTooManyCookies, random = Math.random } = options;
  const link = createLink();
  /** The current socket; events of others are ignored. Null while there is none whose host has proven itself. */
  let socket: Socket | null = null;
  let lastId = 0;
  let failures = 0;
  /** Consecutive refused connections. */
  let refusals = 0;
  /** The host has sent a frame, on any connection. */
  let hasReceived = false;
  /** Set when no reconnect will follow. */
  let ended: EarshotError | null = null;
  /** Calls that were sent and not answered yet, by id. */
  const sent = new Map<number, Call>();
  /** Calls made while disconnected, oldest first. */
  const waiting = new Map<number, Call>();
  const listeners = new Map<BridgeEventName, Set<(payload: never) => void>>();

  const bridge = bridgeOver({
    call: (name, args) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        const frame = JSON.stringify({ id, call: name, args });
        if (bytesOf(frame) > MAX_FRAME_BYTES) {
          return reject(new EarshotError('bridge_too_large', text.host.tooLarge({ call: name })));
        }
        const settle = (answer: unknown) => {
          try {
            resolve(unwrap(name, answer));
          } catch (error) {
            reject(error);
          }
        };
        submit({ id, frame, settle, reject });
      }),
    listen(name, listener) {
      // A wrapper, so that a function can be subscribed twice.
      const entry = (payload: BridgePayload<typeof name>) => listener(payload);
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(entry));
      return () => void set.delete(entry);
    },
  });

  function submit(call: Call): void {
    if (ended) {
      call.reject(ended);
    } else if (socket?.readyState === OPEN) {
      // A closing socket would accept the call and lose it, so only use an open one.
      sent.set(call.id, call);
      socket.send(call.frame);
    } else if (waiting.size >= MAX_WAITING) {
      call.reject(lost());
    } else {
      waiting.set(call.id, call);
      call.timer = setTimeout(() => {
        waiting.delete(call.id);
        call.reject(lost());
      }, CALL_WAIT_MS);
    }
  }

  function emit(name: BridgeEventName, payload: unknown): void {
    const read = readPayload(name, payload);
    if (read === null) return;
    for (const listener of [...(listeners.get(name) ?? [])]) {
      try {
        listener(read as never);
      } catch (error) {
        // Rethrow asynchronously, so that an error in one listener does not affect the others.
        setTimeout(() => {
          throw error;
        });
      }
    }
  }

  function onMessage(data: unknown): void {
    const frame = parseFrame(data);
    if (frame === null) return;
    hasReceived = true;
    // Not when the socket opens, because a full host opens it too.
    link.set('up');
    if ('event' in frame) {
      const { event } = frame;
      if (Object.hasOwn(BRIDGE_EVENTS, event) && !SHELL_EVENTS.has(event))
        emit(frame.event as BridgeEventName, frame.payload);
      return;
    }
    const call = sent.get(frame.id);
    sent.delete(frame.id);
    call?.settle(frame.answer);
  }

  /** Opens a socket. All handlers are set in the same tick, so no event is missed. */
  function connect(onProven: () => void, onFailure: (why: Failure) => void): void {
    const proof = createClientProof({ secret: token, url, origin, protocol: BRIDGE_PROTOCOL });
    const own = new options.WebSocket(url, proof.protocols);
    let provenAt: number | null = null;
    const timer = setTimeout(() => giveUp('refused'), OPEN_TIMEOUT_MS);

    function giveUp(why: Failure): void {
      clearTimeout(timer);
      own.onmessage = own.onclose = null;
      own.close();
      onFailure(why);
    }
    own.onmessage = ({ data }) => {
      if (provenAt !== null) return onMessage(data);
      const challenge = challengeOf(data, proof);
      if (challenge === null) return giveUp('unproven');
      // Must precede any call; the host rejects calls before it.
      own.send(JSON.stringify({ event: 'answer', proof: proof.answer(challenge) } satisfies HelloAnswer));
      clearTimeout(timer);
      provenAt = performance.now();
      refusals = 0;
      socket = own;
      for (const call of [...waiting.values()]) {
        clearTimeout(call.timer);
        waiting.delete(call.id);
        submit(call);
      }
      onProven();
    };
    // Browsers fire 'close' for every end; 'error' adds no information.
    own.onclose = ({ code }) => {
      if (provenAt === null) return giveUp('refused');
      socket = null;
      failures = performance.now() - provenAt >= STABLE_AFTER_MS ? 0 : failures + 1;
      if (code === CLOSE.overloaded && !hasReceived) ended = full();
      for (const call of sent.values()) call.reject(ended ?? lost());
      sent.clear();
      if (link.state() === 'up') link.set('down');
      if (!ended) reconnectLater();
    };
  }

  function reconnectLater(atLeastMs = 0): void {
    setTimeout(() => void reconnect(), Math.max(atLeastMs, backoffMs(failures, random())));
  }

  async function reconnect(): Promise<void> {
    const answer = await checkHost();
    if (answer === 'ours') connect(() => void catchUp(), onFailedReconnect);
    else if (answer === 'another launch') giveUp();
    else onFailedTry(answer === 'no answer' ? 'refused' : 'unproven');
  }

  /** A refused socket although the host answers: checks whether the cookies are the reason. */
  function onFailedReconnect(why: Failure): void {
    if (why !== 'refused') return onFailedTry(why);
    void hasTooManyCookies().then((many) => onFailedTry(many ? 'too many cookies' : why));
  }

  function onFailedTry(why: Failure): void {
    failures++;
    if (why === 'too many cookies') {
      refusals = 0;
      link.set('too_many_cookies');
      return reconnectLater();
    }
    if (why === 'unproven') {
      refusals = 0;
      link.set('unproven');
      return reconnectLater(UNPROVEN_RETRY_MS);
    }
    if (++refusals >= MAX_REFUSALS) link.set('unreachable');
    // The previous reason no longer applies.
    else if (link.state() === 'unproven' || link.state() === 'too_many_cookies') link.set('down');
    reconnectLater();
  }

  /** Another launch answers, which does not know this page's secret. */
  function giveUp(): void {
    ended = restarted();
    for (const call of waiting.values()) {
      clearTimeout(call.timer);
      call.reject(ended);
    }
    waiting.clear();
    link.set('restarted');
  }

  /**
   * Events sent while the tab was disconnected are lost, so request the current values and emit them as events. Log
   * records are emitted again; listeners deduplicate them by `seq`. Missed recordings are not covered: the recordings
   * store asks for them itself when the link is back up.
   */
  async function catchUp(): Promise<void> {
    const emitCurrent = async <Name extends BridgeCallName>(
      call: Name,
      args: BridgeArgs<Name>,
      event: BridgeEventName,
    ) => {
      try {
        emit(event, await (bridge[call] as (args: BridgeArgs<Name>) => Promise<unknown>)(args));
      } catch {
        // The connection was lost again; the next one catches up.
      }
    };
    await Promise.all([
      emitCurrent('getVoiceAddress', undefined, 'onVoiceAddress'),
      emitCurrent('getSettings', undefined, 'onSettings'),
      emitCurrent('getHealth', undefined, 'onHealth'),
      emitCurrent('getLogHistory', undefined, 'onLogRecords'),
    ]);
  }

  return new Promise((resolve, reject) => {
    connect(
      () => resolve({ bridge, link }),
      async (why) => {
        if (why === 'unproven') return reject(unproven());
        const answer = await checkHost();
        if (answer === 'another launch') reject(restarted());
        else if (answer === 'ours' && (await hasTooManyCookies())) reject(tooManyCookies());
        else reject(answer === 'another program' ? unproven() : unreachable());
      },
    );
  });
}

/**
 * Why a connection failed: it was refused or timed out, the host refused it because of its cookies, or the peer could
 * not prove that it is the host.
 */
type Failure = 'refused' | 'too many cookies' | 'unproven';

/** @returns the challenge in the host's first frame; null if the frame is invalid or its proof is wrong */
function challengeOf(data: unknown, proof: ClientProof): string | null {
  const hello = Hello.safeParse(parseJson(data));
  return hello.success && proof.accepts(hello.data.proof) ? hello.data.challenge : null;
}

const unreachable = () => new EarshotError('bridge_unreachable', text.host.unreachable);
const unproven = () => new EarshotError('bridge_unproven', text.host.unproven);
const tooManyCookies = () => new EarshotError('bridge_cookies', text.host.tooManyCookies);
const lost = () => new EarshotError('bridge_lost', text.host.lost);
const full = () => new EarshotError('bridge_full', text.host.full);

/** The error of a tab whose host was restarted: a new launch accepts only its own link. */
export const restarted = () => new EarshotError('bridge_restarted', text.host.restarted);

function parseFrame(data: unknown): z.infer<typeof HostFrame> | null {
  return HostFrame.safeParse(parseJson(data)).data ?? null;
}

/** @returns null if `data` is not JSON text */
function parseJson(data: unknown): unknown {
  if (typeof data !== 'string') return null;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

/** UTF-8 length, or the upper bound of three bytes per UTF-16 unit if that is within the limit. */
function bytesOf(text: string): number {
  return text.length * 3 <= MAX_FRAME_BYTES ? text.length * 3 : new TextEncoder().encode(text).byteLength;
}
