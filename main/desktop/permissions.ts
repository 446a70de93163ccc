import { type Session, systemPreferences } from 'electron';
import { isOwnUrl } from './origin.ts';

// Electron's security checklist, item 5: without handlers Electron grants every permission.

/**
 * Chromium 147 and later request one of these before a page opens a WebSocket to 127.0.0.1; the second is the older
 * name.
 */
const LOOPBACK_PERMISSIONS = new Set(['loopback-network', 'local-network-access']);
/** For the copy buttons, which write plain text to the clipboard on a click. Reading the clipboard is denied. */
const COPY_PERMISSION = 'clipboard-sanitized-write';

/** The details that Electron gives about a permission, in either handler. */
export interface PermissionQuery {
  permission: string;
  /** A request opens the device; a check only reads the state (`enumerateDevices`, or the step before a request). */
  kind: 'request' | 'check';
  /** The requesting frame's URL; undefined: the check is not for a document. */
  url: string | undefined;
  /** The origin; checks have it in addition to the URL. */
  origin?: string | undefined;
  isMainFrame: boolean;
  /** Media types of the permission `media`: all types of a request, at most one of a check. */
  media: readonly string[];
}

/** The allow-list: the main frame of Earshot's page may use the microphone and the loopback network, and copy text. */
export function isAllowed({ permission, kind, url, origin, isMainFrame, media }: PermissionQuery): boolean {
  if (origin !== undefined && !isOwnUrl(origin)) return false;
  if (LOOPBACK_PERMISSIONS.has(permission) && kind === 'check' && url === undefined) {
    // Chromium's network service may check an origin without a document. Checks for subframes always have a URL.
    return origin !== undefined;
  }
  if (!isOwnUrl(url) || !isMainFrame) return false;
  if (LOOPBACK_PERMISSIONS.has(permission) || permission === COPY_PERMISSION) return true;
  if (permission !== 'media') return false;
  // Before an audio-only getUserMedia Chromium also makes a check without a type; denying it denies the microphone. A
  // check opens no device, and every request names its types.
  if (media.length === 0) return kind === 'check';
  return media.every((type) => type === 'audio');
}

/**
 * Applies the allow-list to a session.
 * @param askSystem asks macOS for microphone access; without it, a program records silence instead of getting an error
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
