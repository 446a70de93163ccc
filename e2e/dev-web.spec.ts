import { expect, test } from '@playwright/test';
import { DevRun } from './support/dev-run.ts';

test('a change to the renderer is applied to the open tab at once; a change to the host restarts it, and the tab reloads', async ({
  page,
}, testInfo) => {
  testInfo.setTimeout(180_000);
  const dev = await DevRun.start('tab');
  try {
    await page.goto(await dev.url());
    const view = page.locator('[data-view]');
    await expect(view).toHaveAttribute('data-view', 'idle');
    const isSamePage = () => page.evaluate(() => 'isSamePage' in window);
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));

    await dev.edit('renderer/features/mic-button/mic-button.tsx', (source) =>
      source.replace('aria-label={text.micButton.label}', 'aria-label="Edited"'),
    );
    await expect(page.getByTestId('mic-button')).toHaveAccessibleName('Edited');
    expect(await isSamePage()).toBe(true);

    await dev.edit('main/host/host.ts', (source) => `${source}\nconsole.log('the host was edited');\n`);
    await dev.expectOutput(/the host was edited/);
    await dev.expectOutput(/The host is running again\./);
    // The page can't be evaluated while it reloads.
    await expect.poll(() => isSamePage().catch(() => 'loading'), { timeout: 30_000 }).toBe(false);
    await expect(view).toHaveAttribute('data-view', 'idle');
  } finally {
    await testInfo.attach('output', { body: dev.output });
    await dev.remove();
  }
});
