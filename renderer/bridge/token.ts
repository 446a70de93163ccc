/** Where a tab finds this launch's secret; a stand-in for `window` in tests. */
export interface TokenStorage {
  location: { hash: string; pathname: string; search: string };
  history: { state: unknown; replaceState(state: unknown, unused: string, url: string): void };
  sessionStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

interface TokenWatchPlace {
  location: { hash: string; reload(): void };
  addEventListener(event: 'hashchange', listener: () => void): void;
}

const KEY = 'earshot.token';
/** Kept in the place of the token of a launch that has ended: a reload then says the same, and asks nobody. */
export const FORMER_TOKEN = 'of-a-former-launch';
/** As the host makes it, and all that fits into a subprotocol's name: anything else makes `new WebSocket` throw. */
const TOKEN = /^[A-Za-z0-9_-]{1,128}$/;

/**
 * Takes the token out of the address (`#token=…`, a part that browsers never send to a server) and off the address
 * bar, where it could be read over a shoulder, bookmarked or pasted into a bug report.
 *
 * It is kept in this tab's session storage, because a reload has no fragment any more. That storage belongs to this
 * tab and this origin and ends with the tab; other tabs, other ports and the disk's cookies never see it.
 * @returns null where this tab was never given one
 */
export function takeToken({ location, history, sessionStorage }: TokenStorage): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given === null) return checked(read(sessionStorage));
  history.replaceState(history.state, '', location.pathname + location.search);
  const token = checked(given);
  if (token !== null) keep(sessionStorage, token);
  return token;
}

/**
 * Keeps the token for a reload, or takes it out of this tab's storage: while another program answers at the page's address
 * it would serve the reload, and could read whatever stands there.
 */
export function keepToken({ sessionStorage }: TokenStorage, token: string | null): void {
  if (token === null) forget(sessionStorage);
  else keep(sessionStorage, token);
}

/**
 * A tab that shows the page already may be given the address again, as after a restart: for a browser that is a move
 * within the page. The page begins anew, and takes the token as it always does.
 */
export function watchForToken({ location, addEventListener }: TokenWatchPlace): void {
  addEventListener('hashchange', () => {
    if (new URLSearchParams(location.hash.slice(1)).has('token')) location.reload();
  });
}

function checked(token: string | null): string | null {
  return token !== null && TOKEN.test(token) ? token : null;
}

// A browser that forbids storage throws on every access. The tab works all the same, until it is reloaded.
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
