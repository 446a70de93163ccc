import type { ElectronApplication } from '@playwright/test';
import { type App, expect, test } from './support/test.ts';

// A page whose process died is none of Playwright's any more: what comes after it is looked at through Electron's main process.

const STOPPED_WORKING = /^Listening stopped because the window stopped working\. 0:0\d was saved\.$/;

test('the page’s process is killed while listening: the page reloads and shows what was saved', async ({ app }) => {
  app.allowErrors(/window_process_gone/);
  await listen(app);
  const electron = app.electron();
  await killRenderer(electron);
  await expectNotice(electron);
  await expectOneRecording(app);
});

for (const answer of ['Reload', 'Close'] as const) {
  test(`killed twice within 5 s, and ${answer} is chosen: nothing of the turn is lost`, async ({ app }) => {
    app.allowErrors(/window_process_gone/);
    await listen(app);
    const electron = app.electron();
    const messages = await answerMessageBoxes(electron, answer);
    await killRenderer(electron);
    await expectNotice(electron);
    const ended = new Promise<void>((resolve) => electron.once('close', () => resolve()));
    await killRenderer(electron);
    if (answer === 'Reload') {
      await expect.poll(messages).toEqual(['Earshot’s window stopped twice']);
      // Nobody has dismissed it: it is told again.
      await expectNotice(electron);
    } else {
      // The last window was closed.
      await ended;
    }
    await expectOneRecording(app);
  });
}

test('the page hangs while listening, and Reload is chosen: the page shows what was saved', async ({ app }) => {
  app.allowErrors(/window_process_gone/);
  await listen(app);
  const electron = app.electron();
  const messages = await answerMessageBoxes(electron, 'Reload');
  await electron.evaluate(
    ({ app, BrowserWindow }) =>
      new Promise<void>((resolve) => {
        app.once('render-process-gone', () => resolve());
        const [window] = BrowserWindow.getAllWindows();
        // Its answer never comes.
        void window?.webContents.executeJavaScript('for (;;);').catch(() => undefined);
        // Chromium's own word for it does not come where a debugger is attached, as Playwright's is.
        window?.emit('unresponsive');
      }),
  );
  expect(await messages()).toEqual(['Earshot’s window does not respond']);
  await expectNotice(electron, /^Listening stopped because the window stopped working\. 0:\d\d was saved\.$/);
  await expectOneRecording(app);
});

async function listen(app: App): Promise<void> {
  const earshot = await app.open();
  await earshot.press();
  await earshot.expectListenedFor(2);
}

/** As the system does when memory runs out. Returns when main has noticed, and done about it what it does. */
async function killRenderer(electron: ElectronApplication): Promise<void> {
  await electron.evaluate(
    ({ app, BrowserWindow }) =>
      new Promise<void>((resolve) => {
        app.once('render-process-gone', () => resolve());
        process.kill(BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? Number.NaN, 'SIGKILL');
      }),
  );
}

/** Presses this button of every message box that main shows from now on. @returns tells their messages */
async function answerMessageBoxes(electron: ElectronApplication, button: string): Promise<() => Promise<string[]>> {
  const messages = await electron.evaluateHandle(({ dialog }, button) => {
    const messages: string[] = [];
    dialog.showMessageBox = (async (...args: unknown[]) => {
      const { message, buttons } = args.at(-1) as { message: string; buttons: string[] };
      messages.push(message);
      return { response: buttons.indexOf(button), checkboxChecked: false };
    }) as typeof dialog.showMessageBox;
    return messages;
  }, button);
  return () => messages.jsonValue();
}

async function expectNotice(electron: ElectronApplication, words = STOPPED_WORKING): Promise<void> {
  const notice = () =>
    electron.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      // A page that is gone or loading would keep the question.
      if (!contents || contents.isCrashed() || contents.isLoading()) return '';
      const text = `document.querySelector('[data-testid="interrupted-turn"]')?.textContent ?? ''`;
      return (await contents.executeJavaScript(text)) as string;
    });
  await expect.poll(notice).toMatch(words);
}

/** All of the turn is in one recording, which nobody waited 30 s for. */
async function expectOneRecording(app: App): Promise<void> {
  const [saved] = await app.recordings(1);
  expect(saved).toMatchObject({ complete: true, gaps: [] });
  expect(saved?.duration_s).toBeGreaterThanOrEqual(2);
  expect(
    app
      .log()
      .map(({ text }) => text)
      .filter((text) => text.includes('not resumed in time')),
  ).toEqual([]);
}
