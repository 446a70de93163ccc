import { type Session, session } from 'electron';
import { securityHeaders } from '../guard/csp.ts';
import { setupDevices } from './devices.ts';

// The overlay has a session of its own: Earshot's permissions, recordings and connections belong to the default one.

/** Its own script, style and fonts; no connection, no media. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The headers of the overlay's page: its policy, and no microphone even if a permission were granted. */
export function overlayHeaders(): Record<string, string> {
  const headers = securityHeaders(POLICY);
  return {
    ...headers,
    'Permissions-Policy': (headers['Permissions-Policy'] ?? '').replace('microphone=(self)', 'microphone=()'),
  };
}

/**
 * The overlay's session: kept in memory only, because the overlay stores nothing. It denies everything that a page can
 * ask for, the microphone too.
 */
export function createOverlaySession(): Session {
  const own = session.fromPartition('overlay');
  own.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  own.setPermissionCheckHandler(() => false);
  setupDevices(own);
  return own;
}
