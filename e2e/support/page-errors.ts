import type { BrowserContext } from '@playwright/test';

/** Collects the errors of a browser's pages: console errors, which include CSP violations, and uncaught exceptions. */
export interface PageErrors {
  /** The errors so far. */
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
