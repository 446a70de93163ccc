import { runNode } from './test-runner/run-tool.ts';

/**
 * `npm run screenshots`: makes docs/images, screenshots of the real desktop app in both themes. With `-- --every-state`
 * it shows every state of the window at every size and in every theme, in test-results/every-state, for review.
 */
const project = process.argv.includes('--every-state') ? 'every-state' : 'screenshots';
process.exitCode = await runNode(['--import', 'tsx', 'tools/e2e.ts', `--project=${project}`], {
  EARSHOT_SCREENSHOTS: '1',
});
