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
import type { HostAnswer } from './host-check.ts';
import { createLink, type Link } from './link.ts';
import { Answer, bridgeOver, readPayload, unwrap } from './rpc.ts';

/** How long a call waits for a lost connection to come back (ms). */
export const CALL_WAIT_MS = 5_000;
/** How long a connection may take until its host has proven itself (ms); on loopback it takes one or two. */
export const OPEN_TIMEOUT_MS = 5_000;
/** How long to leave a program alone that answered in the host's place (ms): the host may get its port back. */
export const UNPROVEN_RETRY_MS = 15_000;
/** A connection that lasted this long was a good one: the next loss starts the backoff anew (ms). */
export const STEADY_MS = 5_000;
/** Calls that may wait at once: what a window asks for in five seconds, many times over. */
export const MAX_WAITING = 100;
/** So many tries that did not even open: the host has gone, or another program has its port. */
export const MAX_REFUSALS = 5;
/** The host takes no larger frame (bytes). */
const MAX_FRAME_BYTES = 256 * 1024;

/** What the host sends: the answer to a call, or an event. */
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
/** `readyState` of a socket that can be sent on. */
const OPEN = 1;
export type SocketMaker = new (url: string, protocols: string[]) => Socket;

export interface SocketBridgeOptions {
  /** `ws://<name>:<port>/ws/bridge` */
  url: string;
  token: string;
  /** The page's, as its browser sends it. */
  origin: string;
  WebSocket: SocketMaker;
  /** Who is at the other end now, asked before the token is shown there again. Never rejects. */
  whoAnswers: () => Promise<HostAnswer>;
  /** Whether the host refuses what this page asks for the cookies that the browser adds. Never rejects. */
  hasTooManyCookies: () => Promise<boolean>;
  /** [0, 1), for the reconnect's jitter. */
  random?: () => number;
}

interface Call {
  id: number;
  text: string;
  settle(answer: unknown): void;
  reject(error: EarshotError): void;
  /** Runs while the call waits for a connection. */
  timer?: ReturnType<typeof setTimeout>;
}

/**
 * The bridge of a browser tab, over a socket. A lost connection comes back by itself, with backoff; calls made
 * meanwhile wait for it, `CALL_WAIT_MS` at most. Calls that were under way when it was lost reject at once with
 * `bridge_lost`: whether the host carried them out is not known, so they are not sent twice.
 * Nothing is sent and nothing believed before the host has proven, with the first frame, that it knows the secret. Where
 * another program answers in its place, the link is `unproven`, and the next try is made later than after a loss.
 * A host that has no room for one more tab proves itself on the first connection and closes it with 1013:
 * every call then rejects with `bridge_full`, and nothing is tried again, since a page that shows no window needs none.
 * Before every connection but the first, which a page makes that has just been loaded from there, it is asked who answers:
 * where another launch does, nothing is tried again either, and every call rejects with `bridge_restarted`.
 * Where the host is there and refuses the socket for the page's cookies, the link is `too_many_cookies`, and it is tried on.
 * @returns once the first connection has proven itself
 * @throws {EarshotError} where the first connection is refused: `bridge_cookies` for the page's cookies, `bridge_restarted` by
 *   another launch, `bridge_unproven` when another program answers, `bridge_unreachable` otherwise, or when it does not come in time
 */
export function connectSocketBridge(options: SocketBridgeOptions): Promise<{ bridge: Bridge; link: Link }> {
  const { url, token, origin, whoAnswers, hasTooManyCookies, random = Math.random } = options;
  const link = createLink();
  /** The one socket that counts; what others still say is ignored. Null while there is none whose host has proven itself. */
  let socket: Socket | null = null;
  let lastId = 0;
  let failures = 0;
  /** Tries in a row that came to nothing. */
  let refusals = 0;
  /** The host has said something, on any connection. */
  let heard = false;
  /** Set when there will be no other connection. */
  let ended: EarshotError | null = null;
  /** Sent and unanswered, by id. */
  const sent = new Map<number, Call>();
  /** Made while there was no connection, oldest first. */
  const waiting = new Map<number, Call>();
  const listeners = new Map<BridgeEventName, Set<(payload: never) => void>>();

  const bridge = bridgeOver({
    call: (name, args) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        const text = JSON.stringify({ id, call: name, args });
        if (bytesOf(text) > MAX_FRAME_BYTES) {
          return reject(new EarshotError('bridge_too_large', `${name}: more than the host takes at once.`));
        }
        const settle = (answer: unknown) => {
          try {
            resolve(unwrap(name, answer));
          } catch (error) {
            reject(error);
          }
        };
        submit({ id, text, settle, reject });
      }),
    listen(name, listener) {
      // A wrapper, so that a function that listens twice is two listeners.
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
      // A socket that is closing takes what it is given and loses it: that call waits for the next one.
      sent.set(call.id, call);
      socket.send(call.text);
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
        // One listener's mistake is not the others': it surfaces on its own, as an uncaught error of the page.
        setTimeout(() => {
          throw error;
        });
      }
    }
  }

  function onMessage(data: unknown): void {
    const frame = parseFrame(data);
    if (frame === null) return;
    heard = true;
    // Not at its opening: a host without room opens it too.
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

  /** Makes one socket, every handler set in the same tick: nothing that it says can be missed. */
  function connect(onProven: () => void, onFailure: (why: Failure) => void): void {
    const proof = createClientProof({ secret: token, url, origin, protocol: BRIDGE_PROTOCOL });
    const mine = new options.WebSocket(url, proof.protocols);
    let provenAt: number | null = null;
    const timer = setTimeout(() => giveUp('refused'), OPEN_TIMEOUT_MS);

    function giveUp(why: Failure): void {
      clearTimeout(timer);
      mine.onmessage = mine.onclose = null;
      mine.close();
      onFailure(why);
    }
    mine.onmessage = ({ data }) => {
      if (provenAt !== null) return onMessage(data);
      const challenge = challengeOf(data, proof);
      if (challenge === null) return giveUp('unproven');
      // Before any call: the host takes none without it.
      mine.send(JSON.stringify({ event: 'answer', proof: proof.answer(challenge) } satisfies HelloAnswer));
      clearTimeout(timer);
      provenAt = performance.now();
      refusals = 0;
      socket = mine;
      for (const call of [...waiting.values()]) {
        clearTimeout(call.timer);
        waiting.delete(call.id);
        submit(call);
      }
      onProven();
    };
    // A browser tells of every end by 'close'; 'error' adds nothing to it.
    mine.onclose = ({ code }) => {
      if (provenAt === null) return giveUp('refused');
      socket = null;
      failures = performance.now() - provenAt >= STEADY_MS ? 0 : failures + 1;
      if (code === CLOSE.overloaded && !heard) ended = full();
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
    const answer = await whoAnswers();
    if (answer === 'ours') connect(() => void catchUp(), explain);
    else if (answer === 'another launch') giveUp();
    else onFailedTry(answer === 'nobody' ? 'refused' : 'unproven');
  }

  /** The host is there: it may refuse this page for its cookies. */
  function explain(why: Failure): void {
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
    // The other program is gone, and nobody is there; or the cookies are.
    else if (link.state() === 'unproven' || link.state() === 'too_many_cookies') link.set('down');
    reconnectLater();
  }

  /** Another launch knows no secret of this page. */
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
   * Events told while nobody was connected are gone, so what they lead to is asked for and told as if it had just
   * happened. Log records come a second time that way: those who listen go by `seq`. Which recordings were missed only
   * those know who know their sessions: they hear by the link that the host is back.
   */
  async function catchUp(): Promise<void> {
    const again = async <Name extends BridgeCallName>(call: Name, args: BridgeArgs<Name>, event: BridgeEventName) => {
      try {
        emit(event, await (bridge[call] as (args: BridgeArgs<Name>) => Promise<unknown>)(args));
      } catch {
        // Lost once more: the next connection catches up.
      }
    };
    await Promise.all([
      again('getVoiceAddress', undefined, 'onVoiceAddress'),
      again('getSettings', undefined, 'onSettings'),
      again('getHealth', undefined, 'onHealth'),
      again('getLogHistory', undefined, 'onLogRecords'),
    ]);
  }

  return new Promise((resolve, reject) => {
    connect(
      () => resolve({ bridge, link }),
      async (why) => {
        if (why === 'unproven') return reject(unproven());
        const answer = await whoAnswers();
        if (answer === 'another launch') reject(restarted());
        else if (answer === 'ours' && (await hasTooManyCookies())) reject(tooManyCookies());
        else reject(answer === 'another program' ? unproven() : unreachable());
      },
    );
  });
}

/**
 * Why a connection came to nothing: nobody let it in, the host did not for its cookies, or whoever let it in could not prove that
 * it is the host.
 */
type Failure = 'refused' | 'too many cookies' | 'unproven';

/** What the first frame of a connection asks in return; null where it is none that the host of this launch has made. */
function challengeOf(data: unknown, proof: ClientProof): string | null {
  const hello = Hello.safeParse(parseJson(data));
  return hello.success && proof.accepts(hello.data.proof) ? hello.data.challenge : null;
}

function unreachable(): EarshotError {
  return new EarshotError(
    'bridge_unreachable',
    'Earshot does not answer this tab. Start Earshot again and open the address that it prints.',
  );
}

/** What to do in a tab whose requests bring too many cookies. */
export const TOO_MANY_COOKIES =
  'Your browser sends more cookies for this address than Earshot accepts. Other programs on this computer set them. Delete the cookies of this address in the browser’s settings, or open the link that Earshot printed in a private window.';

function tooManyCookies(): EarshotError {
  return new EarshotError('bridge_cookies', TOO_MANY_COOKIES);
}

function unproven(): EarshotError {
  return new EarshotError(
    'bridge_unproven',
    'Another program answers at this address. It was told nothing. Start Earshot again and open the link that it prints.',
  );
}

function lost(): EarshotError {
  return new EarshotError('bridge_lost', 'The connection with Earshot was lost. Try again when it is back.');
}

/** What to do in a tab whose host was started again: a new launch lets in by its own link alone. */
export const RESTARTED = 'Earshot was started again. Open the link it printed in the terminal.';

export function restarted(): EarshotError {
  return new EarshotError('bridge_restarted', RESTARTED);
}

function full(): EarshotError {
  return new EarshotError('bridge_full', 'Too many Earshot tabs are open. Close one, then reload this page.');
}

function parseFrame(data: unknown): z.infer<typeof HostFrame> | null {
  return HostFrame.safeParse(parseJson(data)).data ?? null;
}

/** Null where it is no JSON text. */
function parseJson(data: unknown): unknown {
  if (typeof data !== 'string') return null;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

/** Length in UTF-8, counted only where it matters: a character of a string is at most three bytes. */
function bytesOf(text: string): number {
  return text.length * 3 <= MAX_FRAME_BYTES ? text.length * 3 : new TextEncoder().encode(text).byteLength;
}
