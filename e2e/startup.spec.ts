import { EventEmitter } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { readLog, readRecordings } from '../testing/data-dir.ts';
import { appLines, desktopArgs, electronRuntime } from '../testing/electron.ts';
import { ROOT } from '../testing/host-process.ts';
import { launch } from '../tools/launch/launch.ts';
import { startProgram } from './support/linux-desktop/programs.ts';
import { expect, requirePrograms, test } from './support/linux-desktop/test.ts';
import { answerMessageBox, startOpenbox } from './support/linux-desktop/x11.ts';

requirePrograms('openbox', 'xdotool', 'xprop', 'xwininfo');

function executable(): string {
  const runtime = electronRuntime();
  if ('missing' in runtime) throw new Error(runtime.missing);
  return runtime.executable;
}

for (const { title, folder } of [
  {
    title: 'a file',
    folder: (root: string) => {
      writeFileSync(join(root, 'file'), '');
      return join(root, 'file');
    },
  },
  { title: 'not writable', folder: () => '/proc/earshot' },
]) {
  test(`with a data folder that is ${title}, a message box and stderr say what to do, and the app exits with 1`, async ({
    app,
    stopAfterTest,
  }) => {
    await stopAfterTest(startOpenbox());
    const dir = folder(app.dataDir);
    const electron = await stopAfterTest(
      Promise.resolve(startProgram(executable(), desktopArgs(app.dataDir), { EARSHOT_DATA_DIR: dir })),
    );
    await answerMessageBox(null, /./, 'Return');
    expect(await electron.exited).toBe(1);
    const [line, ...more] = appLines(electron.output());
    expect(line).toContain('Earshot could not start: ');
    expect(line).toContain(`Earshot can't keep its data in ${dir}. Check that it is a folder you may write to`);
    expect(more).toEqual([]);
  });
}

for (const { title, display, message } of [
  { title: 'without a display,', display: '', message: /^There is no display/ },
  {
    title: 'with a display that does not exist,',
    display: ':4242',
    message:
      /^Electron stopped before its window was open \(.*(?:display|DISPLAY).*\): \w+ Earshot .* browser tab instead\.$/,
  },
]) {
  test(`${title} npm start prints a line that says so and opens a tab`, async ({ app }) => {
    const messages: string[] = [];
    let tabs = 0;
    const outcome = await launch({
      project: ROOT,
      electronDir: join(ROOT, 'node_modules/electron'),
      platform: process.platform,
      root: false,
      env: {
        ...process.env,
        DISPLAY: display,
        EARSHOT_DATA_DIR: app.dataDir,
        ELECTRON_OVERRIDE_DIST_PATH: join(executable(), '..'),
      },
      argv: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
      openTab: async () => {
        tabs++;
      },
      print: (line) => messages.push(line),
      signals: new EventEmitter(),
      stdout: new PassThrough(),
      stderr: new PassThrough(),
    });
    expect(outcome).toBeNull();
    expect(tabs).toBe(1);
    expect(messages).toEqual([expect.stringMatching(message)]);
  });
}

test('without D-Bus the app listens and records, and reports no error', async ({ app }) => {
  const nowhere = `unix:path=${join(app.dataDir, 'no-bus')}`;
  const env = { DBUS_SESSION_BUS_ADDRESS: nowhere, DBUS_SYSTEM_BUS_ADDRESS: nowhere };
  const earshot = await app.open({ env });
  await earshot.recordTurn(1);
  await app.recordings(1);
  // After the test, RunningApp.end checks that stderr is empty.
});

test('after a SIGKILL the app starts again on the same profile and data folder', async ({ app }) => {
  await app.open();
  const { pid } = app.electron().process();
  const gone = app.electron().waitForEvent('close');
  process.kill(pid ?? -1, 'SIGKILL');
  await gone;
  const earshot = await app.open();
  await earshot.recordTurn(1);
  await app.recordings(1);
});

test('a data folder may have any name', async ({ app }) => {
  const dir = join(app.dataDir, ' Ada’s 100%41 %s 日本 #1 ?x & "quoted" ');
  mkdirSync(dir);
  const earshot = await app.open({ env: { EARSHOT_DATA_DIR: dir } });
  await earshot.recordTurn(1);
  await expect.poll(() => readRecordings(dir).length).toBe(1);
  await earshot.play.click();
  await expect(earshot.play).toHaveAttribute('data-status', 'playing');
  await expect.poll(() => readLog(dir).map(({ event }) => event)).toContain('RECORDING_SAVED');
  await earshot.openSettings('advanced');
  await expect(earshot.page.getByRole('dialog')).toContainText(dir);
});
