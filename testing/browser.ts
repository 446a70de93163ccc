/**
 * Switches for every browser of the tests: no first-run pages and no background traffic. Root, the usual user in a
 * container, has to switch off Chromium's sandbox.
 */
export const BROWSER_ARGS: readonly string[] = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];
