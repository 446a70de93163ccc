// Electron's security checklist, item 7. The page in a browser tab has the same policy.

/**
 * The page's Content Security Policy (CSP Level 3). Nothing is loaded from other origins, no string is evaluated as
 * code, and the page connects only to the given ports.
 * @param ports on this machine. A page keeps the policy with which it was loaded, so list every port that the servers
 *   may use during its lifetime.
 * @param fetched other URLs that the page may fetch; each is a full URL, or a folder if it ends with `/`, not a whole
 *   server
 * @param name the host name of the servers at these ports
 */
export function contentSecurityPolicy(
  ports: readonly number[],
  fetched: readonly string[] = [],
  name = '127.0.0.1',
): string {
  const connectable = [...ports.map((port) => `ws://${name}:${port}`), ...fetched];
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    // Recordings have the same origin as the page; the bridge provides their URLs.
    "media-src 'self'",
    `connect-src ${connectable.join(' ') || "'none'"}`,
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}

/** Browser features that the page never uses. `autoplay` and loopback access keep their default: own origin only. */
const DENIED_FEATURES = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'midi',
  'payment',
  'serial',
  'usb',
] as const;

/** The headers of every response that is part of the page, both in the app and in a browser tab. */
export function securityHeaders(csp: string): Record<string, string> {
  return {
    'Content-Security-Policy': csp,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    // Fetch standard, section 3.7: pages of other origins can't embed it, e.g. as an image or a script.
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': ['microphone=(self)', ...DENIED_FEATURES.map((name) => `${name}=()`)].join(', '),
  };
}
