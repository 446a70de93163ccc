/**
 * The retrying welcome. The send callback proves that it left, the client's `ready` that it arrived:
 *
 *   attempt 1 ── 250 ms without `ready` ── 50 ms ── attempt 2 ── 250 ms ── 100 ms ── attempt 3 ── 250 ms ── failed
 *
 * A send error while the socket is still open skips the 250 ms. A socket that is closing never opens again
 * (RFC 6455 section 7: the state only moves forward), so nothing is retried on it.
 */
const WELCOME_ATTEMPTS = 3;
/** How long each copy may stay unanswered, in ms. */
const READY_TIMEOUT_MS = 250;
/** Pause in ms before attempt 1, 2 and 3. */
const PAUSE_BEFORE_MS = [0, 50, 100] as const;

/** `readyState` of a WebSocket, as the standard numbers them. */
export const SOCKET = { connecting: 0, open: 1, closing: 2, closed: 3 } as const;

/** What to do now: send this attempt, wait for the next one, give up for good, or stop because the peer has gone. */
export type WelcomeStep = 'send' | 'next' | 'fail' | 'abort';

/**
 * The guard of the welcome.
 * @param state the socket's readyState
 * @param attempt 1..3: the one that is due, or has just failed
 * @param sendError what went wrong with that attempt; null before it is made
 */
export function nextStep(state: number, attempt: number, sendError: unknown): WelcomeStep {
  if (state === SOCKET.closing || state === SOCKET.closed) return 'abort';
  if (state === SOCKET.open && !sendError) return 'send';
  return attempt < WELCOME_ATTEMPTS ? 'next' : 'fail';
}

export interface WelcomeOptions {
  socket: { readonly readyState: number; send(text: string, done: (error?: Error | null) => void): void };
  /** The welcome's text; the same but for `attempt`. */
  message: (attempt: number) => string;
  onAttempt(attempt: number): void;
  /** An attempt went unanswered (`no_ready`), could not be sent, or found the socket not open yet. */
  onRetry(attempt: number, why: string): void;
  /**
   * Called once: `aborted` is a client that left, `failed` one that stayed and never answered.
   * @param sendError what the last send that failed said
   */
  onEnd(outcome: 'ready' | 'aborted' | 'failed', attempts: number, sendError: Error | null): void;
}

export interface Welcome {
  /** The client's `ready` came. */
  ready(): void;
  /** The socket closed. */
  closed(): void;
}

/** Sends the first attempt before it returns, and keeps at it until one of three ends. Leaves no timer behind. */
export function startWelcome(options: WelcomeOptions): Welcome {
  const { socket } = options;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  /** The last attempt that was made. */
  let attempt = 0;
  /** The last attempt that is known to have come to nothing. */
  let failed = 0;
  let sendError: Error | null = null;

  function end(outcome: 'ready' | 'aborted' | 'failed'): void {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    options.onEnd(outcome, attempt, sendError);
  }

  function after(problem: unknown, why: string): void {
    const step = nextStep(socket.readyState, attempt, problem);
    if (step === 'abort') return end('aborted');
    if (step === 'fail') return end('failed');
    failed = attempt;
    options.onRetry(attempt, why);
    clearTimeout(timer);
    timer = setTimeout(run, PAUSE_BEFORE_MS[attempt]);
  }

  function run(): void {
    attempt += 1;
    const step = nextStep(socket.readyState, attempt, null);
    if (step === 'abort') return end('aborted');
    if (step !== 'send') return after('not open', 'not_open');
    const mine = attempt;
    options.onAttempt(mine);
    timer = setTimeout(() => after('no ready', 'no_ready'), READY_TIMEOUT_MS);
    socket.send(options.message(mine), (error) => {
      // A callback that comes after this attempt was given up, or after the end, tells nothing new.
      if (!error || ended || mine <= failed) return;
      sendError = error;
      after(error, 'send_error');
    });
  }

  // In the tick in which the socket exists: there is nothing to wait for.
  run();
  return { ready: () => end('ready'), closed: () => end('aborted') };
}
