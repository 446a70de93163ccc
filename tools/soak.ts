import { runNode } from './test-runner/run-tool.ts';

/**
 * `npm run soak -- [--minutes N] [--seed S] [--seeds N] [--turn S]`: twenty windows record at once over connections
 * that break, with hostile peers and restarts. Each recording is compared byte by byte with what was sent. Ends with
 * figures. Exit code 1, with the seed, after any loss, leak, crash or successful attack.
 */
process.exitCode = await runNode(['--expose-gc', '--import', 'tsx', 'chaos/soak.ts', ...process.argv.slice(2)]);
