import { en } from '../renderer/text/en.ts';
import type { ShellName } from '../testing/shell.ts';
import { type App, expect, test } from './support/test.ts';

// The code that reads the microphone is a separate file, which fails to load in these tests. It is a worker, which is
// loaded with the page and, if that fails, again when the user presses. In a browser without MediaStreamTrackProcessor
// it is a worklet, which is loaded when the user presses.

type LoadFailure = 'is rejected with 431' | 'is missing' | 'is unreachable' | 'is never sent';

declare global {
  interface Window {
    /** The URL that the page loads instead of its worklet; null: the worklet's own URL. */
    workletUrl: string | null;
  }
}

/**
 * An init script that makes the page use the worklet. Playwright can't intercept a tab's requests for worklets, so a
 * test replaces their URL.
 */
function forceWorklet(): void {
  Reflect.deleteProperty(window, 'MediaStreamTrackProcessor');
  window.workletUrl = null;
  const { addModule } = AudioWorklet.prototype;
  AudioWorklet.prototype.addModule = function (url, options) {
    return addModule.call(this, window.workletUrl ?? url, options);
  };
}

/** URLs for which the real host or the page's policy causes this failure in a tab. */
const FAILING_URLS: Partial<Record<LoadFailure, string>> = {
  // Exceeds the size limit for request headers.
  'is rejected with 431': `/assets/capture-worklet.js?${'x'.repeat(17 * 1024)}`,
  'is missing': '/assets/nothing.js',
  // The page's policy forbids this origin.
  'is unreachable': 'http://127.0.0.1:9/capture-worklet.js',
};

/** Makes the requests for both capture scripts fail from now on; null: lets them succeed. */
async function failCaptureScripts(app: App, shell: ShellName, failure: LoadFailure | null): Promise<void> {
  if (shell === 'electron') {
    // This page has no server, so cancel the request, redirect it to a missing file, or never answer it.
    await app.electron().evaluate(({ session }, failure) => {
      session.defaultSession.webRequest.onBeforeRequest(
        { urls: ['earshot://app/assets/capture-*'] },
        (_details, respond) => {
          if (failure === 'is never sent') return;
          if (failure === 'is unreachable') respond({ cancel: true });
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
    if (failure === 'is unreachable') await route.abort();
    else if (failure !== 'is never sent')
      await route.fulfill({ status: failure === 'is missing' ? 404 : 431, body: '' });
  });
}

const FAILURES: readonly LoadFailure[] = ['is rejected with 431', 'is missing', 'is unreachable', 'is never sent'];

for (const kind of ['worker', 'worklet'] as const) {
  for (const failure of FAILURES) {
    test(`H69 a ${kind} whose file ${failure} is reported as such, and the next press works once it loads`, async ({
      app,
      shell,
    }) => {
      test.skip(
        shell === 'electron' && failure === 'is rejected with 431',
        'the page of the desktop app is not served over HTTP',
      );
      test.skip(
        shell === 'tab' && kind === 'worklet' && failure === 'is never sent',
        'the host of a tab answers every request',
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
      await expect(earshot.problem).toContainText(en.problems.part_not_loaded.title);
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
