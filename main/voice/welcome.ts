/**
 * Sends the welcome with retries. The send callback confirms that it was sent, the client's `ready` that it arrived:
 *
 *   attempt 1 ── 250 ms without `ready` ── 50 ms ── attempt 2 ── 250 ms ── 100 ms ── attempt 3 ── 250 ms ── failed
 *
 * A send error on an open socket skips the 250 ms. A closing socket never reopens (RFC 6455 section 7), so nothing is
 * retried on it.
 */
const WELCOME_ATTEMPTS = 3;
/** How long to wait for `ready` after each attempt, in ms. */
const READY_TIMEOUT_MS = 250;
/** Pause in ms before attempt 1, 2 and 3. */
const PAUSE_BEFORE_MS = [0, 50, 100] as const;

/** Values of `WebSocket.readyState` (WebSockets standard). */
export const SOCKET = { connecting: 0, open: 1, closing: 2, closed: 3 } as const;

/** What to do next: send this attempt, schedule the next one, fail, or abort because the client has left. */
export type WelcomeStep = 'send' | 'next' | 'fail' | 'abort';

/**
 * Decides on the next step of the welcome.
 * @param state the socket's readyState
 * @param attempt 1 to 3: the attempt that is due or has just failed
 * @param sendError why that attempt failed; null before it is made
 */
export function nextStep(state: number, attempt: number, sendError: unknown): WelcomeStep {
  if (state === SOCKET.closing || state === SOCKET.closed) return 'abort';
  if (state === SOCKET.open && !sendError) return 'send';
  return attempt < WELCOME_ATTEMPTS ? 'next' : 'fail';
}

export interface WelcomeOptions {
  socket: { readonly readyState: number; send(text: string, done: (error?: Error | null) => void): void };
  /** The text of the welcome; all attempts are identical except for `attempt`. */
  message: (attempt: number) => string;
  onAttempt(attempt: number): void;
  /** An attempt failed: `no_ready` (no answer), `send_error` or `not_open` (the socket is not open yet). */
  onRetry(attempt: number, why: string): void;
  /**
   * Called once. `aborted`: the client left; `failed`: it stayed connected but never answered.
   * @param sendError the error of the last failed send, if any
   */
  onEnd(outcome: 'ready' | 'aborted' | 'failed', attempts: number, sendError: Error | null): void;
}

export interface Welcome {
  /** Call when the client's `ready` has arrived. */
  ready(): void;
  /** Call when the socket has closed. */
  closed(): void;
}

/** Sends the first attempt synchronously and retries until `onEnd`. No timer is left running after that. */
export function startWelcome(options: WelcomeOptions): Welcome {
  const { socket } = options;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  /** The number of the last attempt made. */
  let attempt = 0;
  /** The number of the last attempt known to have failed. */
  let failed = 0;
  let sendError: Error | null = null;

  function end(outcome: 'ready' | 'aborted' | 'failed'): void {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    options.onEnd(outcome, attempt, sendError);
  }

  function onFailure(problem: unknown, why: string): void {
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
    if (step !== 'send') return onFailure('not open', 'not_open');
    const current = attempt;
    options.onAttempt(current);
    timer = setTimeout(() => onFailure('no ready', 'no_ready'), READY_TIMEOUT_MS);
    socket.send(options.message(current), (error) => {
      // Ignore callbacks of attempts that were already counted as failed, and all callbacks after the end.
      if (!error || ended || current <= failed) return;
      sendError = error;
      onFailure(error, 'send_error');
    });
  }

  // The first attempt is sent in the tick in which the socket is created.
  run();
  return { ready: () => end('ready'), closed: () => end('aborted') };
}
