/**
 * The switches that every browser of the tests gets: a quiet start without traffic of its own. Chromium's sandbox
 * refuses to run as root, which is who runs a container.
 */
export const BROWSER_ARGS: readonly string[] = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];
