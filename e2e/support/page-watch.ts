import type { BrowserContext } from '@playwright/test';

/** Everything that goes wrong in a browser's pages: errors in the console (CSP violations are such) and uncaught ones. */
export interface PageWatch {
  /** What went wrong until now. */
  faults(): string[];
}

export function watchPages(context: BrowserContext): PageWatch {
  const seen: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') seen.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => seen.push(`uncaught: ${error.error().stack ?? error.error().message}`));
  return { faults: () => seen };
}
