import { BRIDGE_PATH, type Bridge, type VoiceAddress } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import { type CheckedPlace, refusePlace } from './check-place.ts';
import { createCookieCheck, createHostCheck } from './host-check.ts';
import { createLink, type Link } from './link.ts';
import { type PreloadSurface, preloadBridge } from './preload-bridge.ts';
import { connectSocketBridge, restarted, type SocketMaker } from './socket-bridge.ts';
import { FORMER_TOKEN, keepToken, type TokenStorage, takeToken } from './token.ts';

export interface ConnectedBridge {
  bridge: Bridge;
  /** A tab's host may go away; a desktop window lives and dies with it. */
  link: Link;
  /** Opens another window of this instance, in the way that this shell has. Never rejects. */
  openTab: () => Promise<void>;
  /** Whether what this page asks is refused for the cookies that the browser adds. Never rejects. */
  hasTooManyCookies: () => Promise<boolean>;
}

/** The parts of `window` that the bridge needs. */
export interface BridgeEnvironment extends TokenStorage, Pick<CheckedPlace, 'navigator'> {
  /** Set by the preload in a desktop window, absent in a tab. */
  earshot?: PreloadSurface;
  location: TokenStorage['location'] & { host: string; origin: string };
  WebSocket: SocketMaker;
  fetch: typeof fetch;
  open(url: string, target: string, features: string): unknown;
}

/**
 * Connects this window with its host: through the preload on the desktop, over a socket in a browser tab.
 * @throws {EarshotError} `bridge_no_token` when a tab was opened without its secret, `bridge_cookies` when the browser adds too
 *   many cookies to its requests, `bridge_restarted` when its secret is of a former launch, `page_controlled` or `page_elsewhere`
 *   when this is no place for a secret, `bridge_unproven` when another program answers in the host's place, `bridge_unreachable` when the
 *   host is not there or refuses for another reason. Calls reject with `bridge_full` where it has no room for this tab
 */
export async function connectBridge(
  place: BridgeEnvironment = window as unknown as BridgeEnvironment,
): Promise<ConnectedBridge> {
  if (place.earshot) {
    const bridge = preloadBridge(place.earshot);
    return {
      bridge,
      link: createLink(),
      openTab: async () => void (await bridge.openWindow().catch(() => undefined)),
      // The session of the desktop app keeps none.
      hasTooManyCookies: async () => false,
    };
  }
  const elsewhere = refusePlace(place);
  if (elsewhere !== null) throw elsewhere;
  const token = takeToken(place);
  if (token === null) {
    throw new EarshotError(
      'bridge_no_token',
      'This tab was opened without its key. Open the whole address that Earshot printed when it started.',
    );
  }
  // What stands in the place of a secret is none, and anybody may know it.
  if (token === FORMER_TOKEN) throw restarted();
  const { host, origin, pathname, search } = place.location;
  const url = `ws://${host}${BRIDGE_PATH}`;
  // Called as the window's own: a browser's fetch knows no other `this`.
  const fetch: BridgeEnvironment['fetch'] = (input, init) => place.fetch(input, init);
  const whoAnswers = createHostCheck({ origin, token, fetch });
  const hasTooManyCookies = createCookieCheck({ origin, fetch });
  const { bridge, link } = await connectSocketBridge({
    url,
    token,
    origin,
    WebSocket: place.WebSocket,
    whoAnswers,
    hasTooManyCookies,
  }).catch((error: unknown) => {
    if (error instanceof EarshotError && error.code === 'bridge_unproven') keepToken(place, null);
    throw error;
  });
  link.subscribe(() => {
    const state = link.state();
    if (state === 'unproven') keepToken(place, null);
    if (state === 'restarted') keepToken(place, FORMER_TOKEN);
    if (state === 'up') keepToken(place, token);
  });
  return {
    bridge: withSecret(bridge, token),
    link,
    hasTooManyCookies,
    // noopener: the new tab is on its own, and gets the token from its address rather than from a copied storage. Whoever
    // serves that address can read it there, and the port may be another's although the socket still stands: it is asked first.
    async openTab() {
      const fragment = (await whoAnswers()) === 'ours' ? `#token=${token}` : '';
      place.open(`${origin}${pathname}${search}${fragment}`, '_blank', 'noopener');
    },
  };
}

/** On its way to a tab an address has no secret: the page adds its own. */
function withSecret(bridge: Bridge, token: string): Bridge {
  const complete = (address: VoiceAddress): VoiceAddress => ({ ...address, token });
  return {
    ...bridge,
    getVoiceAddress: async () => complete(await bridge.getVoiceAddress()),
    onVoiceAddress: (listener) => bridge.onVoiceAddress((address) => listener(complete(address))),
  };
}
