// Electron's security checklist, item 7; the same policy stands over the page in a browser tab.

/**
 * The page's Content Security Policy (CSP Level 3). Nothing loads from elsewhere, nothing is evaluated, and the page
 * talks only to the given ports.
 * @param ports of this machine, exactly. A page keeps the policy that it was loaded with, so every port that a server of
 *   ours may stand on during its life has to be among them.
 * @param fetched other addresses that the page may ask, whole: nothing else of their server
 * @param name by which the servers at these ports are reached
 */
export function contentSecurityPolicy(
  ports: readonly number[],
  fetched: readonly string[] = [],
  name = '127.0.0.1',
): string {
  const reached = [...ports.map((port) => `ws://${name}:${port}`), ...fetched];
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    // Recordings: beside the page, at addresses that the bridge gives.
    "media-src 'self'",
    `connect-src ${reached.join(' ') || "'none'"}`,
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}

/** Powers that the page never asks for. `autoplay` and the loopback network stay at their default, our own origin. */
const NO_FEATURES = [
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

/** The headers of every response that carries a part of the page, whoever serves it. */
export function securityHeaders(csp: string): Record<string, string> {
  return {
    'Content-Security-Policy': csp,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    // Fetch standard, section 3.7: another origin's page can't even load it unread, as an image or a script.
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': ['microphone=(self)', ...NO_FEATURES.map((name) => `${name}=()`)].join(', '),
  };
}
