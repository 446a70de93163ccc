import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{main,preload,shared,renderer,tools,bench,chaos,e2e,testing}/**/*.test.{ts,tsx}'],
    // Tests that need a DOM say so in their first line: // @vitest-environment happy-dom
    environment: 'node',
    restoreMocks: true,
    // Vitest empties style sheets. A test reads the colours of this one.
    css: { include: [/\/tokens\.css/] },
    // The files of these packages import each other without a file extension, which Node does not resolve.
    server: { deps: { inline: [/@actions\//] } },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Two workers: on two cores, more workers only delay the tests that depend on timing.
    maxWorkers: 2,
    // For `npm run coverage`, which reports without thresholds. It does not include the end-to-end tests.
    coverage: {
      provider: 'v8',
      include: ['{main,preload,shared,renderer}/**/*.{ts,tsx}'],
      exclude: ['**/*.test.{ts,tsx}', '**/testing/**', '**/*.d.ts'],
      reporter: ['text-summary', 'html', 'lcovonly'],
    },
  },
});
