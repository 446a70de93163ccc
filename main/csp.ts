/**
 * The page's Content Security Policy (CSP Level 3). Nothing loads from elsewhere, nothing is evaluated, and the page
 * talks only to the given endpoints.
 * @param connect host sources, e.g. `ws://127.0.0.1:40123`, or `ws://127.0.0.1:*` for any port; empty: nothing
 */
export function contentSecurityPolicy({ connect }: { connect: string[] }): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    // Recordings arrive through the bridge and are played from memory.
    'media-src blob:',
    `connect-src ${connect.length > 0 ? connect.join(' ') : "'none'"}`,
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
  'bluetooth',
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
    'Permissions-Policy': ['microphone=(self)', ...NO_FEATURES.map((name) => `${name}=()`)].join(', '),
  };
}
