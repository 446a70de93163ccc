import { test as base, expect } from '@playwright/test';
import { readLog } from '../testing/data-dir.ts';
import { electronRuntime } from '../testing/electron.ts';
import { DevRun } from './support/dev-run.ts';
import type { DevToolsPage } from './support/devtools.ts';

const test = base.extend<{ dev: DevRun }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the first parameter.
  dev: async ({}, use, testInfo) => {
    const runtime = electronRuntime();
    if ('missing' in runtime) testInfo.skip(true, runtime.missing);
    testInfo.setTimeout(180_000);
    const dev = await DevRun.start('electron');
    await use(dev);
    await testInfo.attach('output', { body: dev.output });
    await dev.remove();
  },
});

const countStarts = (dev: DevRun) => readLog(dev.dataDir).filter(({ event }) => event === 'APP_STARTED').length;
/** Waits until an expression in the page has this value. */
const expectValue = (page: DevToolsPage, expression: string, value: unknown) =>
  expect.poll(() => page.evaluate(expression), { message: expression, timeout: 30_000 }).toEqual(value);
const VIEW = `document.querySelector('[data-view]')?.dataset.view`;
const LABEL = `document.querySelector('[data-testid=mic-button]')?.getAttribute('aria-label')`;
const SESSION = `document.querySelector('[data-testid=session-id]')?.title`;

test('a change to the renderer is applied without interrupting a recording', async ({ dev }) => {
  const page = await dev.page(1);
  await expectValue(page, VIEW, 'idle');
  expect(await page.evaluate('location.origin + " " + window.origin')).toBe('earshot://app earshot://app');
  await page.evaluate(`window.isSamePage = true; document.querySelector('[data-testid=mic-button]').click()`);
  await expectValue(page, VIEW, 'listening');
  const session = await page.evaluate(SESSION);
  expect(session).toMatch(/\w+/);

  await dev.edit('renderer/features/mic-button/mic-button.tsx', (source) =>
    source.replace('aria-label={text.micButton.label}', 'aria-label="Edited"'),
  );
  await expectValue(page, LABEL, 'Edited');
  expect(await page.evaluate(`[window.isSamePage, ${VIEW}, ${SESSION}]`)).toEqual([true, 'listening', session]);

  // A change that can't be applied to the open page reloads it.
  await dev.edit('renderer/index.html', (source) =>
    source.replace('<!-- head -->', '<title>Edited</title><!-- head -->'),
  );
  await expectValue(page, 'document.title', 'Edited');
  await expectValue(page, '[typeof window.isSamePage]', ['undefined']);
  await expectValue(page, VIEW, 'idle');
  expect(countStarts(dev)).toBe(1);

  // Ctrl-C stops everything cleanly. Windows has no such signal for a program without a console, so close the window
  // there.
  if (process.platform === 'win32') await page.close();
  else dev.interrupt();
  expect(await dev.waitForExit()).toBe(0);
  expect(readLog(dev.dataDir).map(({ event }) => event)).toContain('APP_STOPPING');
});

test('a change to the host or the preload restarts the app with its data; a build error leaves it running', async ({
  dev,
}) => {
  const first = await dev.page(1);
  await expectValue(first, VIEW, 'idle');
  await first.evaluate(`window.earshot.changeSettings({ user_id: 'kept' })`);

  await dev.edit('main/index.ts', (source) => `${source}\nconst mistake = ;\n`);
  await dev.expectOutput(/The build failed: the app keeps running as it was\./);
  expect(dev.output).toMatch(/main\/index\.ts/);
  expect(await first.evaluate(VIEW)).toBe('idle');
  expect(countStarts(dev)).toBe(1);

  await dev.edit('main/index.ts', (source) => source.replace('const mistake = ;', "console.log('main was edited');"));
  await dev.expectOutput(/main was edited/);
  const second = await dev.page(2);
  await expectValue(second, VIEW, 'idle');
  expect(await second.evaluate(`window.earshot.getSettings().then(({ value }) => value.user_id)`)).toBe('kept');
  expect(countStarts(dev)).toBe(2);

  await dev.edit(
    'preload/index.ts',
    (source) => `${source}\nwindow.addEventListener('load', () => document.body.classList.add('edited-preload'));\n`,
  );
  const third = await dev.page(3);
  await expectValue(third, `document.body.className`, 'edited-preload');

  // A change to shared/ reaches both the main process and the renderer.
  await dev.edit(
    'shared/protocol.ts',
    (source) => `${source}\nconsole.log('shared was edited');\nglobalThis.edited = 1;\n`,
  );
  await dev.expectOutput(/shared was edited/);
  const fourth = await dev.page(4);
  await expectValue(fourth, 'window.edited', 1);

  // Closing the last window ends `npm run dev`.
  await fourth.close();
  expect(await dev.waitForExit()).toBe(0);
  expect(countStarts(dev)).toBe(4);
});
