import { runNode } from './suite/run-tool.ts';

/**
 * `npm run soak -- [--minutes N] [--seed S] [--seeds N]`: a minute of speech after the other through a connection that
 * breaks, compared byte for byte with its recording. Ends with figures; exit code 1 on any loss, with the seed.
 */
process.exitCode = await runNode(['--expose-gc', '--import', 'tsx', 'e2e/chaos/soak.ts', ...process.argv.slice(2)]);
