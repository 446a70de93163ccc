import { runNode } from './test-runner/run-tool.ts';

/**
 * `npm run screenshots`: draws docs/images from the real desktop app, light and dark. With `-- --every-state` it draws
 * every state of the window in every size and theme into test-results/every-state, for review.
 */
const project = process.argv.includes('--every-state') ? 'every-state' : 'screenshots';
process.exitCode = await runNode(['--import', 'tsx', 'tools/e2e.ts', `--project=${project}`], {
  EARSHOT_SCREENSHOTS: '1',
});
