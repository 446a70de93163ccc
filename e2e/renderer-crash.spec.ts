import type { ElectronApplication } from '@playwright/test';
import { type App, expect, test } from './support/test.ts';

// Playwright can't use a page whose process has crashed, so these tests read the reloaded page through the main
// process.

const STOPPED_WORKING = /^Listening stopped because the window stopped working\. 0:0\d was saved\.$/;

test('when the page’s process is killed while listening, the page reloads and shows what was saved', async ({
  app,
}) => {
  app.allowErrors(/window_process_gone/);
  await listen(app);
  const electron = app.electron();
  await killRenderer(electron);
  await expectNotice(electron);
  await expectOneRecording(app);
});

for (const answer of ['Reload', 'Close'] as const) {
  test(`when the process is killed twice within 5 s and the user chooses ${answer}, nothing of the turn is lost`, async ({
    app,
  }) => {
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
      // The notice was not dismissed, so the page shows it again.
      await expectNotice(electron);
    } else {
      // The last window was closed.
      await ended;
    }
    await expectOneRecording(app);
  });
}

test('when the page hangs while listening and the user chooses Reload, the page shows what was saved', async ({
  app,
}) => {
  app.allowErrors(/window_process_gone/);
  await listen(app);
  const electron = app.electron();
  const messages = await answerMessageBoxes(electron, 'Reload');
  await electron.evaluate(
    ({ app, BrowserWindow }) =>
      new Promise<void>((resolve) => {
        app.once('render-process-gone', () => resolve());
        const [window] = BrowserWindow.getAllWindows();
        // This call never returns.
        void window?.webContents.executeJavaScript('for (;;);').catch(() => undefined);
        // Chromium does not emit `unresponsive` while a debugger, such as Playwright's, is attached.
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

/** Kills the renderer process, as the system does when memory runs out. Resolves when main has handled it. */
async function killRenderer(electron: ElectronApplication): Promise<void> {
  await electron.evaluate(
    ({ app, BrowserWindow }) =>
      new Promise<void>((resolve) => {
        app.once('render-process-gone', () => resolve());
        process.kill(BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? Number.NaN, 'SIGKILL');
      }),
  );
}

/** Answers every message box from now on with this button. @returns reads the messages */
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
      // `executeJavaScript` would not return while the page has crashed or is loading.
      if (!contents || contents.isCrashed() || contents.isLoading()) return '';
      const text = `document.querySelector('[data-testid="interrupted-turn"]')?.textContent ?? ''`;
      return (await contents.executeJavaScript(text)) as string;
    });
  await expect.poll(notice).toMatch(words);
}

/** Expects one complete recording, and that the session ended without waiting for the 30 s resume window. */
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
