import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { READY_SIGNAL } from '../../main/desktop/ready-signal.ts';
import { Fakes } from '../launch/fakes.ts';
import { parseSmokeArgs, unpackedProgram } from './args.ts';
import { type SmokeRun, smokeRun } from './smoke-run.ts';

const SAYS_READY = `console.log('words before'); console.log('${READY_SIGNAL}');`;
const STAYS = 'setInterval(() => {}, 1_000);';

describe('what to start', () => {
  test('is where electron-builder unpacks: one architecture without a suffix, the others with', () => {
    expect(unpackedProgram('darwin', 'x64')).toBe(join('release', 'mac', 'Earshot.app/Contents/MacOS/Earshot'));
    expect(unpackedProgram('darwin', 'arm64')).toBe(join('release', 'mac-arm64', 'Earshot.app/Contents/MacOS/Earshot'));
    expect(unpackedProgram('win32', 'x64')).toBe(join('release', 'win-unpacked', 'Earshot.exe'));
    expect(unpackedProgram('linux', 'x64')).toBe(join('release', 'linux-unpacked', 'earshot'));
  });

  test('is another program when one is named', () => {
    expect(parseSmokeArgs(['/opt/Earshot/earshot', '--timeout', '30'], 'linux', 'x64')).toEqual({
      program: '/opt/Earshot/earshot',
      timeoutMs: 30_000,
    });
    expect(parseSmokeArgs([], 'linux', 'x64').program).toBe(unpackedProgram('linux', 'x64'));
  });

  test('is refused with the way to say it', () => {
    for (const argv of [['a', 'b'], ['--timeout', '0'], ['--timeout', '1.5'], ['--timeout', 'x'], ['--nonsense']]) {
      expect(() => parseSmokeArgs(argv, 'linux', 'x64')).toThrow(expect.objectContaining({ code: 'bad_argument' }));
    }
  });
});

describe.skipIf(process.platform === 'win32')('a smoke run', () => {
  let standIns: Fakes;
  beforeEach(() => {
    standIns = new Fakes();
  });
  afterEach(() => standIns.remove());

  function run(script: string, more: Partial<SmokeRun> = {}) {
    const program = join(standIns.folder, 'app');
    standIns.program(program, script);
    const env = { PATH: process.env.PATH, FOLDER: standIns.folder };
    return smokeRun({ program, args: [], env, timeoutMs: 20_000, endMs: 20_000, ...more });
  }

  test('is good when the app says that it is ready and ends when it is asked to', async () => {
    expect(await run(SAYS_READY + STAYS)).toEqual({ kind: 'ready' });
  });

  test('finds the line also when it comes in pieces, and with Windows line ends', async () => {
    const [half, other] = [READY_SIGNAL.slice(0, 5), READY_SIGNAL.slice(5)];
    const script = `process.stdout.write('${half}', () => setImmediate(() => process.stdout.write('${other}\\r\\n'))); ${STAYS}`;
    expect(await run(script)).toEqual({ kind: 'ready' });
  });

  test('does not take the word inside another line for it', async () => {
    const outcome = await run(`console.log('not ${READY_SIGNAL} yet')`);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'it ended before its window was open (exit code 0)' });
  });

  test('says why an app ended that never came up', async () => {
    const outcome = await run(
      `console.error('error while loading shared libraries: libnss3.so'); process.exitCode = 127;`,
    );
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/exit code 127.*: error while loading shared libraries: libnss3\.so$/),
    });
  });

  test('gives up on an app that stays silent', async () => {
    const outcome = await run(STAYS, { timeoutMs: 300 });
    expect(outcome).toMatchObject({ kind: 'failed', reason: `no ${READY_SIGNAL} in 0.3 s` });
  });

  test('is a failure when the app comes up and then does not end', async () => {
    const outcome = await run(`process.on('SIGTERM', () => {}); ${SAYS_READY} ${STAYS}`, { endMs: 300 });
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'it did not end within 0.3 s of being asked to' });
  });

  test('ends the processes that the app has started too', async () => {
    // The grandchild holds the app's stdout: the run can't resolve before it is gone.
    writeFileSync(join(standIns.folder, 'inner.mjs'), `${SAYS_READY} ${STAYS}`);
    const script = `require('node:child_process').spawn(process.execPath, [process.env.FOLDER + '/inner.mjs'], { stdio: 'inherit' }); ${STAYS}`;
    expect(await run(script)).toEqual({ kind: 'ready' });
  });

  test('is a failure when there is no such program', async () => {
    const program = join(standIns.folder, 'nothing');
    expect(existsSync(program)).toBe(false);
    const outcome = await smokeRun({ program, args: [], env: {}, timeoutMs: 20_000, endMs: 20_000 });
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining('ENOENT') });
  });

  test('does not hand on ELECTRON_RUN_AS_NODE', async () => {
    const env = { PATH: process.env.PATH, ELECTRON_RUN_AS_NODE: '1' };
    expect(await run(`if (!process.env.ELECTRON_RUN_AS_NODE) { ${SAYS_READY} ${STAYS} }`, { env })).toEqual({
      kind: 'ready',
    });
  });
});
