import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{main,preload,shared,renderer,tools,bench,chaos,e2e,testing}/**/*.test.{ts,tsx}'],
    // Tests of the window ask for a DOM in their first line: // @vitest-environment happy-dom
    environment: 'node',
    restoreMocks: true,
    // Its files import each other without a file extension, which Node does not resolve.
    server: { deps: { inline: [/@actions\//] } },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Two at a time: on two cores, more workers only delay the tests that depend on timing.
    maxWorkers: 2,
    // `npm run coverage`. A report without thresholds. The browser runs in e2e/ are not counted.
    coverage: {
      provider: 'v8',
      include: ['{main,preload,shared,renderer}/**/*.{ts,tsx}'],
      exclude: ['**/*.test.{ts,tsx}', '**/testing/**', '**/*.d.ts'],
      reporter: ['text-summary', 'html', 'lcovonly'],
    },
  },
});
