/** The parts of `window` that hold the launch's secret. */
export interface TokenStorage {
  location: { hash: string; pathname: string; search: string };
  history: { state: unknown; replaceState(state: unknown, unused: string, url: string): void };
  sessionStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

interface TokenWatchEnvironment {
  location: { hash: string; reload(): void };
  addEventListener(event: 'hashchange', listener: () => void): void;
}

const KEY = 'earshot.token';
/** Stored instead of the token after the launch has ended, so that a reload shows the same without asking the host. */
export const EXPIRED_TOKEN = 'of-a-former-launch';
/** Format of the host's tokens. They go into a subprotocol name, and other characters make `new WebSocket` throw. */
const TOKEN = /^[A-Za-z0-9_-]{1,128}$/;

/**
 * Reads the token from the address (`#token=…`, which browsers never send to a server) and removes it from the address
 * bar, where it could be seen, bookmarked or pasted into a bug report.
 *
 * The token is stored in this tab's session storage for a reload, which has no fragment any more. That storage is
 * limited to this tab and origin, and is deleted with the tab.
 * @returns null if this tab has no token
 */
export function takeToken({ location, history, sessionStorage }: TokenStorage): string | null {
  const newToken = new URLSearchParams(location.hash.slice(1)).get('token');
  if (newToken === null) return checked(read(sessionStorage));
  history.replaceState(history.state, '', location.pathname + location.search);
  const token = checked(newToken);
  if (token !== null) keep(sessionStorage, token);
  return token;
}

/**
 * Stores the token for a reload, or removes it from this tab's storage (null). Remove it while another program answers
 * at the page's address, because that program would serve the reload and could read the storage.
 */
export function keepToken({ sessionStorage }: TokenStorage, token: string | null): void {
  if (token === null) forget(sessionStorage);
  else keep(sessionStorage, token);
}

/**
 * Reloads the page when a new token is entered into the address, for example after a restart. Browsers treat this as
 * navigation within the page.
 */
export function watchForToken({ location, addEventListener }: TokenWatchEnvironment): void {
  addEventListener('hashchange', () => {
    if (new URLSearchParams(location.hash.slice(1)).has('token')) location.reload();
  });
}

function checked(token: string | null): string | null {
  return token !== null && TOKEN.test(token) ? token : null;
}

// A browser that forbids storage throws on every access. The tab then works until it is reloaded.
function read(storage: TokenStorage['sessionStorage']): string | null {
  try {
    return storage.getItem(KEY);
  } catch {
    return null;
  }
}

function forget(storage: TokenStorage['sessionStorage']): void {
  try {
    storage.removeItem(KEY);
  } catch {
    // See above.
  }
}

function keep(storage: TokenStorage['sessionStorage'], token: string): void {
  try {
    storage.setItem(KEY, token);
  } catch {
    // See above.
  }
}
