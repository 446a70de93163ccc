import { spawn } from 'node:child_process';
import { once } from 'node:events';

const PROGRAMS = 3;
/** The programs exit by themselves after this time (ms), in case the bench is killed. */
const LIMIT_MS = 120_000;

/** Runs `work` while three other programs keep two cores busy. */
export async function onBusyMachine<Result>(work: () => Promise<Result>): Promise<Result> {
  const code = `for (const until = Date.now() + ${LIMIT_MS}; Date.now() < until; );`;
  const programs = Array.from({ length: PROGRAMS }, () => spawn(process.execPath, ['-e', code], { stdio: 'ignore' }));
  const ended = programs.map((program) => once(program, 'exit'));
  try {
    return await work();
  } finally {
    for (const program of programs) program.kill();
    await Promise.all(ended);
  }
}
