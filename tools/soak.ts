import { runNode } from './test-runner/run-tool.ts';

/**
 * `npm run soak -- [--minutes N] [--seed S] [--seeds N] [--turn S]`: twenty windows at once speak through connections
 * that break, beside hostile peers and restarts; each recording is compared byte for byte with what was said. Ends with
 * figures; exit code 1 on any loss, leak, crash or peer that got what it should not, with the seed.
 */
process.exitCode = await runNode(['--expose-gc', '--import', 'tsx', 'chaos/soak.ts', ...process.argv.slice(2)]);
