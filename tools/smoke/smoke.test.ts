import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { READY_SIGNAL } from '../../main/desktop/ready-signal.ts';
import { FakeInstallation } from '../launch/fake-installation.ts';
import { parseSmokeArgs, unpackedProgram } from './args.ts';
import { type SmokeRun, smokeRun } from './smoke-run.ts';

const PRINTS_READY = `console.log('other output'); console.log('${READY_SIGNAL}');`;
const STAYS = 'setInterval(() => {}, 1_000);';

describe('the program to start', () => {
  test('is in the folder of electron-builder, whose name has a suffix except for x64', () => {
    expect(unpackedProgram('darwin', 'x64')).toBe(join('release', 'mac', 'Earshot.app/Contents/MacOS/Earshot'));
    expect(unpackedProgram('darwin', 'arm64')).toBe(join('release', 'mac-arm64', 'Earshot.app/Contents/MacOS/Earshot'));
    expect(unpackedProgram('win32', 'x64')).toBe(join('release', 'win-unpacked', 'Earshot.exe'));
    expect(unpackedProgram('linux', 'x64')).toBe(join('release', 'linux-unpacked', 'earshot'));
  });

  test('can be named', () => {
    expect(parseSmokeArgs(['/opt/Earshot/earshot', '--timeout', '30'], 'linux', 'x64')).toEqual({
      program: '/opt/Earshot/earshot',
      timeoutMs: 30_000,
    });
    expect(parseSmokeArgs([], 'linux', 'x64').program).toBe(unpackedProgram('linux', 'x64'));
  });

  test('is refused with invalid arguments', () => {
    for (const argv of [['a', 'b'], ['--timeout', '0'], ['--timeout', '1.5'], ['--timeout', 'x'], ['--nonsense']]) {
      expect(() => parseSmokeArgs(argv, 'linux', 'x64')).toThrow(expect.objectContaining({ code: 'bad_argument' }));
    }
  });
});

describe.skipIf(process.platform === 'win32')('a smoke run', () => {
  let fakes: FakeInstallation;
  beforeEach(() => {
    fakes = new FakeInstallation();
  });
  afterEach(() => fakes.remove());

  function run(script: string, more: Partial<SmokeRun> = {}) {
    const program = join(fakes.folder, 'app');
    fakes.program(program, script);
    const env = { PATH: process.env.PATH, FOLDER: fakes.folder };
    return smokeRun({ program, args: [], env, timeoutMs: 20_000, endMs: 20_000, ...more });
  }

  test('succeeds if the app prints the ready line and ends at SIGTERM', async () => {
    expect(await run(PRINTS_READY + STAYS)).toEqual({ kind: 'ready' });
  });

  test('finds the line in several chunks and with Windows line endings', async () => {
    const [half, other] = [READY_SIGNAL.slice(0, 5), READY_SIGNAL.slice(5)];
    const script = `process.stdout.write('${half}', () => setImmediate(() => process.stdout.write('${other}\\r\\n'))); ${STAYS}`;
    expect(await run(script)).toEqual({ kind: 'ready' });
  });

  test('ignores the signal inside another line', async () => {
    const outcome = await run(`console.log('not ${READY_SIGNAL} yet')`);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'it ended before its window was open (exit code 0)' });
  });

  test('reports why an app exited before its window was open', async () => {
    const outcome = await run(
      `console.error('error while loading shared libraries: libnss3.so'); process.exitCode = 127;`,
    );
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/exit code 127.*: error while loading shared libraries: libnss3\.so$/),
    });
  });

  test('fails if the ready line does not appear in time', async () => {
    const outcome = await run(STAYS, { timeoutMs: 300 });
    expect(outcome).toMatchObject({ kind: 'failed', reason: `no ${READY_SIGNAL} in 0.3 s` });
  });

  test('fails if the app does not end in time', async () => {
    const outcome = await run(`process.on('SIGTERM', () => {}); ${PRINTS_READY} ${STAYS}`, { endMs: 300 });
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'it did not end within 0.3 s of being asked to' });
  });

  test('ends the child processes of the app', async () => {
    // The child process inherits the app's stdout: the run can't resolve before it has ended.
    writeFileSync(join(fakes.folder, 'inner.mjs'), `${PRINTS_READY} ${STAYS}`);
    const script = `require('node:child_process').spawn(process.execPath, [process.env.FOLDER + '/inner.mjs'], { stdio: 'inherit' }); ${STAYS}`;
    expect(await run(script)).toEqual({ kind: 'ready' });
  });

  test('fails if the program does not exist', async () => {
    const program = join(fakes.folder, 'nothing');
    expect(existsSync(program)).toBe(false);
    const outcome = await smokeRun({ program, args: [], env: {}, timeoutMs: 20_000, endMs: 20_000 });
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining('ENOENT') });
  });

  test('does not pass on ELECTRON_RUN_AS_NODE', async () => {
    const env = { PATH: process.env.PATH, ELECTRON_RUN_AS_NODE: '1' };
    expect(await run(`if (!process.env.ELECTRON_RUN_AS_NODE) { ${PRINTS_READY} ${STAYS} }`, { env })).toEqual({
      kind: 'ready',
    });
  });
});
