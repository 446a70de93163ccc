/** Handles that are open after this time (ms) have leaked. Closed handles take a moment to disappear. */
const SETTLE_MS = 3_000;
const POLL_INTERVAL_MS = 20;

/** Counts the timers and sockets that keep this process alive, by kind. */
export function openResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind === 'Timeout' || kind.startsWith('TCP')) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** Waits until no more handles are open than before. @returns the number of leaked handles by kind */
export async function waitForResources(before: Record<string, number>): Promise<Record<string, number>> {
  for (let waited = 0; ; waited += POLL_INTERVAL_MS) {
    const now = openResources();
    const more = Object.entries(now)
      .map(([kind, count]) => [kind, count - (before[kind] ?? 0)] as const)
      .filter(([, count]) => count > 0);
    if (more.length === 0 || waited >= SETTLE_MS) return Object.fromEntries(more);
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
}
