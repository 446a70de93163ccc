import { BRIDGE_PATH, type Bridge, type VoiceAddress } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import { text } from '../text/text.ts';
import { type CheckedLocation, checkLocation } from './check-location.ts';
import { createCookieCheck, createHostCheck } from './host-check.ts';
import { createLink, type Link } from './link.ts';
import { type PreloadSurface, preloadBridge } from './preload-bridge.ts';
import { connectSocketBridge, restarted, type SocketMaker } from './socket-bridge.ts';
import { EXPIRED_TOKEN, keepToken, type TokenStorage, takeToken } from './token.ts';

export interface ConnectedBridge {
  bridge: Bridge;
  /** State of the connection to the host. A desktop window is always connected. */
  link: Link;
  /**
   * Whether the host proves at this moment that it has the page's port. While the socket is open, another program may
   * have it already. Always true in a desktop window. Never rejects.
   */
  isHostProven: () => Promise<boolean>;
  /** Opens another window of this instance, as a desktop window or a tab. Never rejects. */
  openTab: () => Promise<void>;
  /** Whether the host refuses this page's requests because of their cookies. Never rejects. */
  hasTooManyCookies: () => Promise<boolean>;
}

/** The parts of `window` that the bridge needs. */
export interface BridgeEnvironment extends TokenStorage, Pick<CheckedLocation, 'navigator'> {
  /** Set by the preload in a desktop window, absent in a tab. */
  earshot?: PreloadSurface;
  location: TokenStorage['location'] & { host: string; origin: string };
  WebSocket: SocketMaker;
  fetch: typeof fetch;
  open(url: string, target: string, features: string): unknown;
}

/**
 * Connects this window to its host: through the preload on the desktop, over a WebSocket in a browser tab. If the host
 * has no room for another tab, calls reject with `bridge_full`.
 * @throws {EarshotError} `bridge_no_token` if a tab was opened without its secret, `bridge_cookies` if its requests
 *   carry too many cookies, `bridge_restarted` if its secret belongs to an earlier launch, `page_controlled` or
 *   `page_elsewhere` if the secret must not be used on this page, `bridge_unproven` if another program answers in the
 *   host's place, `bridge_unreachable` if the host does not answer or refuses for another reason
 */
export async function connectBridge(
  browserWindow: BridgeEnvironment = window as unknown as BridgeEnvironment,
): Promise<ConnectedBridge> {
  if (browserWindow.earshot) {
    const bridge = preloadBridge(browserWindow.earshot);
    return {
      bridge,
      link: createLink(),
      isHostProven: async () => true,
      openTab: async () => void (await bridge.openWindow().catch(() => undefined)),
      // The desktop app's session stores no cookies.
      hasTooManyCookies: async () => false,
    };
  }
  const locationProblem = checkLocation(browserWindow);
  if (locationProblem !== null) throw locationProblem;
  const token = takeToken(browserWindow);
  if (token === null) {
    throw new EarshotError('bridge_no_token', text.host.noToken);
  }
  // A public placeholder, not a secret.
  if (token === EXPIRED_TOKEN) throw restarted();
  const { host, origin, pathname, search } = browserWindow.location;
  const url = `ws://${host}${BRIDGE_PATH}`;
  // A browser's `fetch` must be called as a method of the window.
  const fetch: BridgeEnvironment['fetch'] = (input, init) => browserWindow.fetch(input, init);
  const checkHost = createHostCheck({ origin, token, fetch });
  const isHostProven = async () => (await checkHost()) === 'ours';
  const hasTooManyCookies = createCookieCheck({ origin, fetch });
  const { bridge, link } = await connectSocketBridge({
    url,
    token,
    origin,
    WebSocket: browserWindow.WebSocket,
    checkHost: checkHost,
    hasTooManyCookies,
  }).catch((error: unknown) => {
    if (error instanceof EarshotError && error.code === 'bridge_unproven') keepToken(browserWindow, null);
    throw error;
  });
  link.subscribe(() => {
    const state = link.state();
    if (state === 'unproven') keepToken(browserWindow, null);
    if (state === 'restarted') keepToken(browserWindow, EXPIRED_TOKEN);
    if (state === 'up') keepToken(browserWindow, token);
  });
  return {
    bridge: withSecret(bridge, token),
    link,
    hasTooManyCookies,
    isHostProven,
    // noopener: the new tab gets the token from its address instead of a copy of the session storage. The program that
    // serves the address can read it, and the port may belong to another program even while the socket is open: check
    // it first.
    async openTab() {
      const fragment = (await isHostProven()) ? `#token=${token}` : '';
      browserWindow.open(`${origin}${pathname}${search}${fragment}`, '_blank', 'noopener');
    },
  };
}

/** Adds the tab's secret to voice addresses, which the host sends without it. */
function withSecret(bridge: Bridge, token: string): Bridge {
  const complete = (address: VoiceAddress): VoiceAddress => ({ ...address, token });
  return {
    ...bridge,
    getVoiceAddress: async () => complete(await bridge.getVoiceAddress()),
    onVoiceAddress: (listener) => bridge.onVoiceAddress((address) => listener(complete(address))),
  };
}
