import { runNode } from './test-runner/run-tool.ts';

/** What an option makes, as a project of playwright.config.ts. */
const PROJECTS = { '--every-state': 'every-state', '--animation': 'animation' } as const;

/**
 * `npm run screenshots`: makes the pictures of docs/images from the real desktop app. With `-- --animation` it makes
 * the animation of the README. With `-- --every-state` it takes pictures of every state of the window at every size and
 * in every theme, into test-results/every-state, for review. EARSHOT_PICTURES names another output folder. Other
 * options go to Playwright.
 */
async function main(args: readonly string[]): Promise<number> {
  const chosen = Object.entries(PROJECTS).filter(([option]) => args.includes(option));
  const project = chosen[0]?.[1] ?? 'docs-images';
  const others = args.filter((arg) => !(arg in PROJECTS));
  return runNode(['--import', 'tsx', 'tools/e2e.ts', `--project=${project}`, ...others], { EARSHOT_SCREENSHOTS: '1' });
}

process.exitCode = await main(process.argv.slice(2));
