/**
 * Switches for every browser that the tests start: no first-run pages, no background traffic and, for root (the usual
 * user in a container), no Chromium sandbox, which does not support root.
 */
export const BROWSER_ARGS: readonly string[] = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];
