import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describeError } from '../shared/errors.ts';
import { parseSmokeArgs } from './smoke/args.ts';
import { asOrdinaryUser, giveToOrdinaryUser, isRootOnLinux, makeHome } from './smoke/ordinary-user.ts';
import { smokeRun } from './smoke/smoke-run.ts';
import { ROOT } from './test-runner/run-tool.ts';

/**
 * Time limit (ms) for the app to end. It gives its sessions and files 2 s, and its processes need more time to exit.
 */
const END_MS = 15_000;

/**
 * `npm run smoke [-- program] [--timeout SECONDS]`: checks that the packaged app starts and quits, with a separate data
 * folder. Its fuses disable the debugger, so the check waits for the line that the app prints when its window shows its
 * page. On Linux, root starts it as an unprivileged user with a separate home folder, because Chromium's sandbox
 * refuses root.
 */
async function main(): Promise<number> {
  const { program, timeoutMs } = parseSmokeArgs(process.argv.slice(2), process.platform, process.arch);
  const folder = await mkdtemp(join(tmpdir(), 'earshot-smoke-'));
  try {
    const asOther = isRootOnLinux();
    console.log(`Starting ${program}${asOther ? ' as an ordinary user' : ''}`);
    const started = performance.now();
    const command = {
      program: resolve(ROOT, program),
      args: [`--user-data-dir=${join(folder, 'profile')}`],
      env: { ...process.env, EARSHOT_DATA_DIR: join(folder, 'data') },
    };
    const home = join(folder, 'home');
    if (asOther) {
      await giveToOrdinaryUser(folder);
      await makeHome(home);
    }
    const outcome = await smokeRun({
      ...(asOther ? asOrdinaryUser(command, home) : command),
      timeoutMs,
      endMs: END_MS,
    });
    if (outcome.kind === 'ready') {
      console.log(`The app started and quit in ${((performance.now() - started) / 1_000).toFixed(1)} s.`);
      return 0;
    }
    console.error(`The packaged app failed its smoke test: ${outcome.reason}\n${outcome.stderr}`);
    return 1;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(describeError(error));
  return 1;
});
