import { PROBLEMS } from '../renderer/connection/problems.ts';
import type { ShellName } from '../testing/shell.ts';
import { type App, expect, test } from './support/test.ts';

// The code that reads the microphone is a file of its own: a worker, loaded with the page and again at a press where that failed, or
// where the browser has no track processor a worklet, loaded at the press. What if it does not come?

type LoadFailure = 'is refused with 431' | 'is not there' | 'can not be reached' | 'never comes';

declare global {
  interface Window {
    /** What the window loads instead of its worklet; null: that itself. */
    workletUrl: string | null;
  }
}

/**
 * Runs in the page before its own scripts: the capture of a browser without a track processor. A tab's requests for worklets can't be
 * answered by a test, so that it asks its host for something else.
 */
function forceWorklet(): void {
  Reflect.deleteProperty(window, 'MediaStreamTrackProcessor');
  window.workletUrl = null;
  const { addModule } = AudioWorklet.prototype;
  AudioWorklet.prototype.addModule = function (url, options) {
    return addModule.call(this, window.workletUrl ?? url, options);
  };
}

/** Addresses that the real host of a tab answers like this. */
const FAILING_URLS: Partial<Record<LoadFailure, string>> = {
  // Longer than all headers of a request may be.
  'is refused with 431': `/assets/capture-worklet.js?${'x'.repeat(17 * 1024)}`,
  'is not there': '/assets/nothing.js',
  // Forbidden by the page's own policy.
  'can not be reached': 'http://127.0.0.1:9/capture-worklet.js',
};

/** From now on the window's two captures are answered like this; null: as they are. */
async function failCaptureScripts(app: App, shell: ShellName, failure: LoadFailure | null): Promise<void> {
  if (shell === 'electron') {
    // The page has no server: what its scheme would serve is cancelled, sent to a file that is not there, or left open.
    await app.electron().evaluate(({ session }, failure) => {
      session.defaultSession.webRequest.onBeforeRequest(
        { urls: ['earshot://app/assets/capture-*'] },
        (_details, respond) => {
          if (failure === 'never comes') return;
          if (failure === 'can not be reached') respond({ cancel: true });
          else if (failure === null) respond({});
          else respond({ redirectURL: 'earshot://app/assets/nothing.js' });
        },
      );
    }, failure);
    return;
  }
  const context = await app.browser();
  const replacement = failure === null ? null : (FAILING_URLS[failure] ?? null);
  for (const page of context.pages())
    await page.evaluate((url) => Object.assign(window, { workletUrl: url }), replacement);
  await context.unroute('**/assets/capture-*');
  if (failure === null) return;
  await context.route('**/assets/capture-*', async (route) => {
    if (failure === 'can not be reached') await route.abort();
    else if (failure !== 'never comes')
      await route.fulfill({ status: failure === 'is not there' ? 404 : 431, body: '' });
  });
}

const FAILURES: readonly LoadFailure[] = ['is refused with 431', 'is not there', 'can not be reached', 'never comes'];

for (const kind of ['worker', 'worklet'] as const) {
  for (const failure of FAILURES) {
    test(`H69 a ${kind} whose file ${failure} is a problem of its own, and the next press works once it comes`, async ({
      app,
      shell,
    }) => {
      test.skip(
        shell === 'electron' && failure === 'is refused with 431',
        'the page of the desktop app has no such server',
      );
      test.skip(
        shell === 'tab' && kind === 'worklet' && failure === 'never comes',
        'the host of a tab leaves no request open',
      );
      app.allowErrors(
        /console: .*(status of 4\d\d|ERR_|Failed to load|Content Security Policy)|log: .* type=part_not_loaded/,
      );
      const earshot = await app.open(kind === 'worker' ? {} : { initScript: forceWorklet });
      await failCaptureScripts(app, shell, failure);
      if (kind === 'worker') {
        await earshot.page.reload();
        await earshot.expectView('idle');
      }
      await earshot.press();
      await expect(earshot.problem).toHaveAttribute('data-problem', 'part_not_loaded', { timeout: 20_000 });
      await expect(earshot.problem).toContainText(PROBLEMS.part_not_loaded.title);
      await expect(earshot.problem).toContainText('close this window and open a new one');
      await expect(earshot.problem).not.toContainText('Another program');
      await earshot.page.screenshot({ path: test.info().outputPath('problem.png') });

      await failCaptureScripts(app, shell, null);
      await earshot.retry.click();
      await earshot.expectView('listening');
      await earshot.press();
      await earshot.expectView('idle');
    });
  }
}
