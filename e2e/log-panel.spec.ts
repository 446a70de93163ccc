import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';

// The log panel as a person uses it: with the keyboard alone, in sentences, by search and filter.

test('everything in the log can be done with the keyboard', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.recordTurn(1);
  await earshot.showLog();
  const list = page.getByTestId('log-list');
  const detail = page.getByTestId('log-detail');
  const selected = page.locator('[data-testid="log-row"][aria-selected="true"]');
  await list.focus();

  await page.keyboard.press('d');
  await expect(page.getByTestId('log-everything')).toBeChecked();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog');
  await expect(help).toContainText('Next match');
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await expect(list).toBeFocused();

  await page.keyboard.press('Home');
  await expect(selected).toHaveAttribute('data-event', 'APP_STARTED');
  await page.keyboard.press('Enter');
  await expect(detail).toContainText('APP_STARTED');
  await page.keyboard.press('j');
  await expect(detail).not.toContainText('APP_STARTED');
  // Into the details and back by Escape.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await expect(detail).toBeHidden();
  await expect(list).toBeFocused();

  await page.keyboard.press('/');
  await expect(earshot.logSearch).toBeFocused();
  await page.keyboard.type('ws_connect');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('log-matches')).toHaveText(/^\d+ of \d+$/);
  await page.keyboard.press('ArrowDown');
  await expect(list).toBeFocused();
  const first = await page.getByTestId('log-matches').textContent();
  await page.keyboard.press('n');
  await expect(page.getByTestId('log-matches')).not.toHaveText(first ?? '');
  await page.keyboard.press('Shift+N');
  await expect(page.getByTestId('log-matches')).toHaveText(first ?? '');
  await page.keyboard.press('Escape');
  await expect(earshot.logSearch).toHaveValue('');

  // Moving up has paused the list.
  await expect(page.getByTestId('log-new')).toBeVisible();
  await page.keyboard.press('p');
  await expect(page.getByTestId('log-new')).toBeHidden();
  await page.keyboard.press('p');
  await expect(page.getByTestId('log-new')).toBeVisible();
});

test('a new user reads sentences, is told how many lines are hidden, and the choice is kept', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.recordTurn(1);
  await earshot.showLog();
  const rows = page.getByTestId('log-row');
  await expect(rows.filter({ hasText: 'The mic was pressed to start.' })).toHaveCount(1);
  await expect(page.locator('[data-testid="log-row"][data-event="WS_SEND"]')).toHaveCount(0);
  await expect(page.getByTestId('log-hidden')).toHaveText(/^\d+ technical lines are hidden\.$/);
  await page.getByTestId('log-show-everything').click();
  await expect(page.locator('[data-testid="log-row"][data-event="WS_SEND"]').first()).toBeVisible();
  await page.reload();
  await expect(page.getByTestId('log-everything')).toBeChecked();
});

test('matches are marked, the other lines can be shown as well, and a filter is applied as text', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.recordTurn(1);
  await earshot.showLog();
  await earshot.showEveryLine();
  await earshot.logSearch.fill('ws_ready');
  const rows = page.getByTestId('log-row');
  await expect(rows).toHaveCount(1);
  await expect(rows.locator('mark')).toHaveText('WS_READY');
  await page.getByTestId('log-only-matches').click();
  await page.getByTestId('log-next-match').click();
  await expect(page.locator('[data-testid="log-row"][data-match]')).toHaveAttribute('data-event', 'WS_READY');
  expect(await rows.count()).toBeGreaterThan(1);

  await earshot.logSearch.fill('side:server event:WS_CONNECT me');
  await page.keyboard.press('Enter');
  await expect(earshot.logSearch).toHaveValue('me');
  await expect(page.getByTestId('log-event')).toHaveValue('WS_CONNECT');
  await expect(page.getByTestId('log-side-client')).toHaveAttribute('aria-pressed', 'false');
  await expect(rows).toHaveCount(1);
});

test('a log file is dropped on the panel and read there, and a file that is none is refused', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.recordTurn(1);
  await earshot.showLog();
  await earshot.showEveryLine();
  await expect.poll(() => app.log().some(({ event }) => event === 'WS_READY')).toBe(true);
  const file = readFileSync(join(app.dataDir, 'logs', 'earshot.log'), 'utf8');
  const lines = file.trimEnd().split('\n').length;

  await dropFile(page, 'earshot.log', `${file}not a line\n`);
  const strip = page.getByTestId('log-file');
  await expect(strip).toContainText(`File earshot.log: ${lines} lines. 1 line could not be read (line ${lines + 1}).`);
  await earshot.logSearch.fill('ws_ready');
  await expect(page.getByTestId('log-row')).toHaveCount(1);
  await earshot.logSearch.fill('');

  await dropFile(page, 'list.txt', 'bread and butter');
  await expect(page.getByTestId('log-file-problem')).toContainText('list.txt:');
  await expect(strip).toBeVisible();
  await page.getByTestId('log-close-file').click();
  await expect(strip).toBeHidden();
});

/** Drops a file on the list, as a drag from a file manager does. */
async function dropFile(page: Page, name: string, content: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], fileName));
      return data;
    },
    [name, content] as const,
  );
  for (const type of ['dragenter', 'dragover', 'drop'])
    await page.getByTestId('log-list').dispatchEvent(type, { dataTransfer: transfer });
}

test('a cleared list comes back by Undo, with the lines since', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.showLog();
  await earshot.showEveryLine();
  const started = page.locator('[data-testid="log-row"][data-event="APP_STARTED"]');
  await expect(started).toBeVisible();
  await page.getByTestId('log-clear').click();
  await expect(started).toHaveCount(0);
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.press();
  await earshot.expectView('idle');
  await page.getByTestId('log-undo-clear').click();
  await expect(page.getByTestId('log-cleared')).toBeHidden();
  await page.getByTestId('log-list').press('Home');
  await expect(started).toBeVisible();
});
