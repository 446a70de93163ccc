import type { BrowserContext } from '@playwright/test';

/** Everything that goes wrong in a browser's pages: errors in the console (CSP violations are such) and uncaught ones. */
export interface PageErrors {
  /** What went wrong until now. */
  errors(): string[];
}

export function collectPageErrors(context: BrowserContext): PageErrors {
  const errors: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => errors.push(`uncaught: ${error.error().stack ?? error.error().message}`));
  return { errors: () => errors };
}
