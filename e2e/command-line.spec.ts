import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from './support/command-line.ts';
import { expect, test } from './support/test.ts';

const DONE = { code: 0, stdout: '', stderr: [] };
const NOT_RUNNING = { code: 3, stdout: '', stderr: ['earshot: Earshot does not run.'] };

test('options of further starts reach the window: start, status, stop, toggle, cancel with undo, show', async ({
  app,
}) => {
  const earshot = await app.open();
  const { run, status } = commandLine(app.dataDir);
  const idle = { window: 1, current: true, state: 'idle', seconds: null, session: null, level_dbfs: null };
  expect(await status()).toEqual({ version: expect.any(String), windows: [idle] });

  expect(await run('--start')).toEqual(DONE);
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);
  // A second one does not stop it.
  expect(await run('--start')).toEqual(DONE);
  const [listening] = (await status()).windows;
  expect(listening).toMatchObject({ window: 1, state: 'listening', level_dbfs: expect.any(Number) });
  expect(listening?.seconds).toBeGreaterThanOrEqual(1);
  expect((await run('--status')).stdout).toMatch(
    /^Window 1 \(current\): listening for \d+ s, -\d+ dBFS, session [\w-]+\n$/,
  );
  expect(await run('--stop')).toEqual(DONE);
  await earshot.expectView('idle');
  const [saved] = await app.recordings(1);
  expect(saved?.session_id).toBe(listening?.session);
  expect(await run('--stop')).toEqual(DONE);

  expect(await run('--toggle')).toEqual(DONE);
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);
  expect(await run('--cancel')).toEqual(DONE);
  await earshot.expectView('idle');
  const undo = earshot.page.getByTestId('recordings-undo');
  await undo.waitFor();
  expect(await app.recordings(1)).toMatchObject([{ id: saved?.id }]);
  await undo.click();
  await app.recordings(2);

  const window = await app.electron().browserWindow(earshot.page);
  await window.evaluate((window) => window.hide());
  expect(await run('--show')).toEqual(DONE);
  await expect.poll(() => window.evaluate((window) => window.isVisible())).toBe(true);

  expect(await run('--start', '--stop')).toEqual({
    code: 2,
    stdout: '',
    stderr: ['earshot: Use one of --start and --stop, not both.'],
  });
  const commands = app.log().flatMap(({ event, text }) => (event === 'APP_COMMAND' ? [text.split('--').at(-1)] : []));
  expect(commands).toEqual(['start', 'start', 'stop', 'stop', 'toggle', 'cancel', 'show']);
  expect(readdirSync(join(app.dataDir, 'profile')).filter((name) => name.startsWith('reply-'))).toEqual([]);
});

test('without a running app --stop, --cancel and --status exit with 3, and --toggle starts one that listens', async ({
  app,
}) => {
  const { run, status, start } = commandLine(app.dataDir);
  for (const options of [['--stop'], ['--cancel'], ['--status', '--json']])
    expect(await run(...options)).toEqual(NOT_RUNNING);
  expect((await run('--help')).stdout).toMatch(/^Usage: earshot/);
  expect((await run('--version')).stdout).toMatch(/^Earshot \d+\.\d+\.\d+\n$/);

  const first = start('--toggle');
  try {
    await once(first.stdout ?? first, 'data');
    await expect.poll(async () => (await status()).windows[0]?.state).toBe('listening');
    expect(await run('--stop')).toEqual(DONE);
    await expect.poll(async () => (await status()).windows[0]?.state).toBe('idle');
    await app.recordings(1);
  } finally {
    first.kill('SIGTERM');
    await once(first, 'exit');
  }
  expect(await run('--status')).toEqual(NOT_RUNNING);
});
