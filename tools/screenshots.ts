import { runNode } from './suite/run-tool.ts';

/** Draws docs/images anew from the real app: idle, listening, saved and error, light and dark. */
process.exitCode = await runNode(['--import', 'tsx', 'tools/e2e.ts', '--project=screenshots'], {
  EARSHOT_SCREENSHOTS: '1',
});
