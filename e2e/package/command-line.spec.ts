import { expect, test } from './support/test.ts';

test('the packaged program passes its options on: they are answered without a window, with their exit codes', async ({
  packages,
  start,
}) => {
  const program = packages.program('released');
  /** Runs the program to its end. */
  async function run(...args: string[]) {
    const app = await start({ program, args });
    const code = await app.exited();
    const own = app
      .stderr()
      .split('\n')
      .filter((line) => line.startsWith('earshot:'));
    return { code, stdout: app.stdout(), own };
  }
  expect(await run('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Earshot \d+\.\d+\.\d+\n$/) });
  expect(await run('--toggel')).toMatchObject({ code: 2, stdout: '', own: [expect.stringContaining('--toggle')] });
  expect(await run('--status')).toEqual({ code: 3, stdout: '', own: ['earshot: Earshot does not run.'] });

  const app = await start({ program, args: ['--show'] });
  await app.ready();
  const { code, stdout } = await run('--status', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ windows: [{ window: 1, current: true, state: 'idle' }] });
  // A switch that the package refuses does not reach the running app either.
  expect(await run('--stop', '--remote-debugging-port=0')).toEqual({ code: 0, stdout: '', own: [] });
  expect(await app.stop(), 'exit code').toBe(0);
});
