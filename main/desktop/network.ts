import { app, type Session } from 'electron';
import type { Log } from '../../shared/log-event.ts';
import { isOwnUrl, originOf } from './origin.ts';

// Electron's security checklist, item 1: only secure content. The page is loaded from the package and connects to the
// voice server on this machine; every other request is refused.

/** Number of blocked requests logged per launch: a page that keeps trying must not fill the log. */
const MAX_LOGGED = 20;

interface NetworkPolicy {
  /** Every port of 127.0.0.1 that the voice server may use in this launch. Read at each request. */
  readonly ports: readonly number[];
  /** Whether DevTools may be opened; their page uses the `devtools:` scheme. */
  devTools: boolean;
}

/** Whether a page may request this URL: Earshot's own files, `blob:` and `data:` URLs, and the voice server. Pure. */
export function isRequestAllowed(url: string, { ports, devTools }: NetworkPolicy): boolean {
  if (isOwnUrl(url)) return true;
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port } = new URL(url);
  if (protocol === 'blob:' || protocol === 'data:') return true;
  if (protocol === 'devtools:') return devTools;
  return protocol === 'ws:' && hostname === '127.0.0.1' && ports.includes(Number(port));
}

/**
 * GitHub's host for the list of releases, and the hosts to which it redirects downloads: the current and the older one.
 */
export const UPDATE_HOSTS = ['github.com', 'release-assets.githubusercontent.com', 'objects.githubusercontent.com'];

/**
 * Disables the network in Chromium itself, for all pages and sessions: only 127.0.0.1 resolves, and proxy discovery,
 * which would query the local network for `wpad`, is off. Call before `ready`.
 * @param updates whether this build may check for updates: if so, the update hosts resolve too. Pages still can't reach
 *   them (`setupNetwork`), because the updater uses a session of its own
 */
export function setupOffline({ updates = false } = {}): void {
  const hosts = ['127.0.0.1', ...(updates ? UPDATE_HOSTS : [])];
  const rules = ['MAP * ~NOTFOUND', ...hosts.map((host) => `EXCLUDE ${host}`)];
  app.commandLine.appendSwitch('host-resolver-rules', rules.join(', '));
  app.commandLine.appendSwitch('no-proxy-server');
}

/**
 * Blocks every request that `isRequestAllowed` denies, and spell-checker downloads and UDP for WebRTC. Call before the
 * first window.
 */
export function setupNetwork(session: Session, policy: NetworkPolicy, log: Log): void {
  let blocked = 0;
  session.webRequest.onBeforeRequest(({ url, resourceType }, callback) => {
    const cancel = !isRequestAllowed(url, policy);
    if (cancel && ++blocked <= MAX_LOGGED) {
      log('WARNING', { type: 'request_blocked', kind: resourceType, to: originOf(url) });
    }
    callback({ cancel });
  });
  // Electron would download dictionaries from a Chromium server.
  session.setSpellCheckerEnabled(false);
  // Neither request filters nor a content security policy cover WebRTC: this disables its UDP.
  app.on('web-contents-created', (_event, contents) => contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp'));
}
