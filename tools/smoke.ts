import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describeError } from '../shared/errors.ts';
import { parseSmokeArgs } from './smoke/args.ts';
import { asOrdinaryUser, giveToOrdinaryUser, isRootOnLinux, makeHome } from './smoke/ordinary-user.ts';
import { smokeRun } from './smoke/smoke-run.ts';
import { ROOT } from './test-runner/run-tool.ts';

/** ms: the app itself gives its sessions and files 2 s, and its processes some time to go. */
const END_MS = 15_000;

/**
 * `npm run smoke [-- program] [--timeout SECONDS]`: does the packaged app come up, with data of its own? Its fuses
 * forbid a debugger, so what can be seen from outside is the line that it prints when its window shows its page. On
 * Linux root starts it as a user without privileges, with a home of its own: Chromium's sandbox refuses to run as root.
 */
async function main(): Promise<number> {
  const { program, timeoutMs } = parseSmokeArgs(process.argv.slice(2), process.platform, process.arch);
  const folder = await mkdtemp(join(tmpdir(), 'earshot-smoke-'));
  try {
    const asAnother = isRootOnLinux();
    console.log(`Starting ${program}${asAnother ? ' as an ordinary user' : ''}`);
    const started = performance.now();
    const command = {
      program: resolve(ROOT, program),
      args: [`--user-data-dir=${join(folder, 'profile')}`],
      env: { ...process.env, EARSHOT_DATA_DIR: join(folder, 'data') },
    };
    const home = join(folder, 'home');
    if (asAnother) {
      await giveToOrdinaryUser(folder);
      await makeHome(home);
    }
    const outcome = await smokeRun({
      ...(asAnother ? asOrdinaryUser(command, home) : command),
      timeoutMs,
      endMs: END_MS,
    });
    if (outcome.kind === 'ready') {
      console.log(`It came up and ended, in ${((performance.now() - started) / 1_000).toFixed(1)} s.`);
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
