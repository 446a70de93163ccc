import { app, type Session } from 'electron';
import type { Log } from '../../shared/log-event.ts';
import { isOwnUrl, originOf } from './origin.ts';

// Electron's security checklist, item 1: only secure content. The page comes out of the package and talks to this
// machine's voice server, so everything else that Chromium could ask the network for is refused, whoever asks.

/** Blocked requests told in one launch: the first ones say what is going on, a page that asks on must not fill the log. */
const TOLD_A_LAUNCH = 20;

interface NetworkPolicy {
  /** Of 127.0.0.1: every port on which the voice server may stand in this launch. */
  ports: readonly number[];
  /** Whether DevTools may be opened; their own page has a scheme of its own. */
  devTools: boolean;
}

/** Whether a page may ask for this URL: our own files, what lies in memory already, and our voice server. Pure. */
export function isRequestAllowed(url: string, { ports, devTools }: NetworkPolicy): boolean {
  if (isOwnUrl(url)) return true;
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port } = new URL(url);
  if (protocol === 'blob:' || protocol === 'data:') return true;
  if (protocol === 'devtools:') return devTools;
  return protocol === 'ws:' && hostname === '127.0.0.1' && ports.includes(Number(port));
}

/** Where GitHub keeps the list of releases, and where it sends on whoever asks for a file: today's host and the former one. */
export const UPDATE_HOSTS = ['github.com', 'release-assets.githubusercontent.com', 'objects.githubusercontent.com'];

/**
 * Takes the network away from Chromium itself, below every page and session: no name and no address but 127.0.0.1
 * resolves, and no proxy is looked for, which would ask the local network for `wpad`. Before `ready` only.
 * @param updates whether this build may look for updates: their hosts resolve then. No page of ours reaches them for that,
 *   see `setupNetwork`; the updater has a session of its own
 */
export function setupOffline({ updates = false } = {}): void {
  const hosts = ['127.0.0.1', ...(updates ? UPDATE_HOSTS : [])];
  const rules = ['MAP * ~NOTFOUND', ...hosts.map((host) => `EXCLUDE ${host}`)];
  app.commandLine.appendSwitch('host-resolver-rules', rules.join(', '));
  app.commandLine.appendSwitch('no-proxy-server');
}

/** Refuses every request that `isRequestAllowed` does not know, and what asks the network by other ways. Before the first window. */
export function setupNetwork(session: Session, policy: NetworkPolicy, log: Log): void {
  let blocked = 0;
  session.webRequest.onBeforeRequest(({ url, resourceType }, callback) => {
    const cancel = !isRequestAllowed(url, policy);
    if (cancel && ++blocked <= TOLD_A_LAUNCH) {
      log('WARNING', { type: 'request_blocked', kind: resourceType, to: originOf(url) });
    }
    callback({ cancel });
  });
  // Electron fetches dictionaries from a server of Chromium's.
  session.setSpellCheckerEnabled(false);
  // WebRTC is neither a request nor in the reach of a page's policy: this leaves it without UDP.
  app.on('web-contents-created', (_event, contents) => contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp'));
}
