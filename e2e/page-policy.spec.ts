import { LogLine } from '../shared/log-line.ts';
import { downloadText } from './support/download-file.ts';
import { type ForeignServer, startForeignServer } from './support/foreign-server.ts';
import { PAGE_ATTACKS } from './support/page-attacks.ts';
import { expect, test } from './support/test.ts';

declare global {
  interface Window {
    /** The violations of the page's policy since the last check: `directive blockedURI`. */
    violations: string[];
  }
}

function recordViolations(): void {
  window.violations = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    // Report violations in frames to the page.
    (window.top ?? window).violations.push(`${effectiveDirective} ${blockedURI}`);
  });
  window.add = (tag, properties) => document.body.append(Object.assign(document.createElement(tag), properties));
}

test('H36 normal use violates no policy: recording, playback, health, settings, copy, export, a second window', async ({
  app,
  shell,
}) => {
  const earshot = await app.open({ initScript: recordViolations });
  const { page } = earshot;
  await earshot.recordTurn(1);
  await earshot.play.click();
  await expect(earshot.play).toHaveAttribute('data-status', 'playing');

  await page.getByTestId('health').click();
  await expect(page.getByTestId('health-figures')).toContainText('Succeeded');
  await page.keyboard.press('Escape');
  await page.getByTestId('settings').click();
  await page.getByRole('radio', { name: 'Dark' }).click();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await page.keyboard.press('Escape');
  await earshot.showLog();
  await page.getByRole('button', { name: 'Copy all lines shown' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();

  await earshot.showEveryLine();
  const exportLog = async () => {
    await page.getByTestId('log-more').click();
    await page.getByTestId('log-export').click();
  };
  const text = await downloadText(app, shell, page, exportLog);
  const lines = text.trimEnd().split('\n');
  expect(lines.map((line) => LogLine.parse(JSON.parse(line)).event)).toContain('RECORDING_SAVED');

  await earshot.openSettings('advanced');
  const [other] = await Promise.all([page.context().waitForEvent('page'), page.getByTestId('new-window').click()]);
  await other.locator('[data-view="idle"]').waitFor();
  for (const tab of [page, other]) expect(await tab.evaluate(() => window.violations)).toEqual([]);
});

test.describe('an injected script', () => {
  let foreign: ForeignServer;
  test.beforeEach(async () => {
    foreign = await startForeignServer();
  });
  test.afterEach(() => foreign.close());

  test('H36 each way to run code, send data or load content is blocked by its directive', async ({ app }) => {
    app.allowErrors(/Content Security Policy/);
    const { page } = await app.open({ initScript: recordViolations });
    const origin = `http://127.0.0.1:${foreign.port}`;
    for (const [n, { title, violation, attempt }] of PAGE_ATTACKS.entries()) {
      // Each attempt has its own URL, so that no violation is attributed to another attempt.
      const url = `${origin}/${n}/`;
      // Older versions of Chromium throw where newer ones only report a violation.
      await page.evaluate(attempt, url).catch(() => undefined);
      const violations = async () => {
        const seen = await page.evaluate(() => window.violations.join(', '));
        return seen.replace('ws:', 'http:').replace(url, '<url>').replace(origin, '<origin>');
      };
      await expect.poll(violations, { message: title }).toBe(violation);
      await page.evaluate(() => {
        window.violations = [];
      });
    }
    expect(await page.evaluate(() => window.injectedCodeRan)).toBeUndefined();
    expect(await page.evaluate(() => document.baseURI)).toBe(page.url().replace(/#.*$/, ''));
    expect(foreign.requests, 'requests that reached the foreign server').toEqual([]);
  });
});
