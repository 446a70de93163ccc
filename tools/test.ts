import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addTallies, combine, countPlaywright, exitCode, NOTHING, summary, Tally } from './test-runner/count.ts';
import { runNode, runTool } from './test-runner/run-tool.ts';

/**
 * `npm test`: checks lint, dead code and types, and runs the unit tests, a minute of the soak, the build, the
 * end-to-end tests in a tab and in Electron, and the tests of the packages. A failed step does not stop the others. The
 * last line is `N passed, N failed[, N skipped]`, where lint, dead code, each types project, the soak and the build
 * count as one test each. The exit code is 1 if anything failed or nothing ran.
 */
async function main(): Promise<number> {
  const reports = mkdtempSync(join(tmpdir(), 'earshot-test-'));
  try {
    const tallies: Tally[] = [];
    tallies.push(await check('Lint', () => runTool('biome', ['check', '.'])));
    tallies.push(await check('Dead code', () => runTool('knip', ['--no-progress'])));
    for (const [name, project] of [
      ['main', '.'],
      ['renderer', 'renderer'],
      ['e2e', 'e2e'],
    ] as const) {
      tallies.push(await check(`Types: ${name}`, () => runTool('tsc', ['--noEmit', '-p', project])));
    }
    tallies.push(await unit(join(reports, 'unit.json')));
    // The soak runs separately, because it keeps one core busy for a minute, which would delay other tests.
    tallies.push(await check('Soak', () => runNode(['--import', 'tsx', 'tools/soak.ts', '--minutes', '1'])));
    const build = await check('Build', () => runTool('vite', ['build', '--logLevel', 'warn']));
    tallies.push(build);
    if (build.failed === 0) {
      tallies.push(await endToEnd('End-to-end tests', ['tab', 'electron'], join(reports, 'e2e.json')));
      tallies.push(await endToEnd('Packages', ['package'], join(reports, 'package.json')));
    } else heading('End-to-end tests and packages: not run, because the build failed');
    const total = addTallies(tallies);
    console.log(`\n${summary(total).join('\n')}`);
    return exitCode(total);
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
}

function heading(text: string): void {
  console.log(`\n── ${text}`);
}

async function check(title: string, run: () => Promise<number>): Promise<Tally> {
  heading(title);
  const passed = (await run()) === 0;
  return { ...NOTHING, passed: passed ? 1 : 0, failed: passed ? 0 : 1 };
}

async function unit(report: string): Promise<Tally> {
  heading('Unit tests');
  const code = await runTool(
    'vitest',
    ['run', '--reporter=default', '--reporter=./tools/test-runner/vitest-tally.ts'],
    {
      EARSHOT_TALLY: report,
    },
  );
  return combine(
    read(report, (json) => Tally.parse(json)),
    code,
  );
}

async function endToEnd(title: string, projects: readonly string[], report: string): Promise<Tally> {
  heading(title);
  const chosen = projects.map((name) => `--project=${name}`);
  const code = await runNode(['--import', 'tsx', 'tools/e2e.ts', ...chosen, '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  });
  return combine(read(report, countPlaywright), code);
}

/** Reads a report; null if it is missing or incomplete, as after a crash of the runner. */
function read(path: string, count: (report: unknown) => Tally): Tally | null {
  try {
    return count(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

process.exitCode = await main();
