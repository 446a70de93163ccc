import { type Session, systemPreferences } from 'electron';
import { isOwnUrl } from './origin.ts';

// Electron's security checklist, item 5: without handlers Electron grants every permission.

/** Chromium 147 and later ask these before a page may open a WebSocket to 127.0.0.1; the second is the older name. */
const LOOPBACK = new Set(['loopback-network', 'local-network-access']);
/** The copy buttons: plain text into the clipboard, on a click. Nothing is ever read from it. */
const COPY = 'clipboard-sanitized-write';

/** What Electron tells of a permission, by either handler. */
export interface PermissionQuestion {
  permission: string;
  /** A request opens the device; a check only reads the state (`enumerateDevices`, or the step before a request). */
  kind: 'request' | 'check';
  /** The asking frame's URL; undefined: the check is not made for a document. */
  url: string | undefined;
  /** The origin that a check gives beside the URL. */
  origin?: string | undefined;
  isMainFrame: boolean;
  /** What `media` is about: of a request every type, of a check at most one. */
  media: readonly string[];
}

/** The allow-list: our own page's main frame may hear the microphone, reach the loopback network and copy text. */
export function isAllowed({ permission, kind, url, origin, isMainFrame, media }: PermissionQuestion): boolean {
  if (origin !== undefined && !isOwnUrl(origin)) return false;
  if (LOOPBACK.has(permission) && kind === 'check' && url === undefined) {
    // Chromium's network side may check an origin without a document. A sub-frame always comes with its URL.
    return origin !== undefined;
  }
  if (!isOwnUrl(url) || !isMainFrame) return false;
  if (LOOPBACK.has(permission) || permission === COPY) return true;
  if (permission !== 'media') return false;
  // Before a getUserMedia for sound alone Chromium also makes a check that names no type: to deny it denies the
  // microphone. It opens nothing, every request names its types.
  if (media.length === 0) return kind === 'check';
  return media.every((type) => type === 'audio');
}

/**
 * Puts the allow-list in force for a session.
 * @param askSystem on macOS the system's own answer about the microphone; until it has been given, a program hears
 *   silence instead of an error
 */
export function setupPermissions(session: Session, askSystem: () => Promise<boolean> = askForMicrophone): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const media = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    const { requestingUrl: url, isMainFrame } = details;
    if (!isAllowed({ permission, kind: 'request', url, isMainFrame, media })) callback(false);
    else if (permission !== 'media') callback(true);
    else askSystem().then(callback, () => callback(false));
  });
  session.setPermissionCheckHandler((_contents, permission, origin, details) => {
    const media = details.mediaType === undefined ? [] : [details.mediaType];
    const { requestingUrl: url, isMainFrame } = details;
    return isAllowed({ permission, kind: 'check', url, origin, isMainFrame, media });
  });
}

async function askForMicrophone(): Promise<boolean> {
  return process.platform !== 'darwin' || systemPreferences.askForMediaAccess('microphone');
}
