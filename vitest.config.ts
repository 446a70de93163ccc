import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{main,preload,shared,renderer,tools,bench,chaos,e2e,testing}/**/*.test.{ts,tsx}'],
    // The window's tests ask for a DOM in their first line: // @vitest-environment happy-dom
    environment: 'node',
    restoreMocks: true,
    // Its files import each other without an ending, which Node itself does not resolve.
    server: { deps: { inline: [/@actions\//] } },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Two suites side by side: on two cores more only makes the timing-heavy ones wait for each other.
    maxWorkers: 2,
  },
});
