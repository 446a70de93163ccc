import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { addRecordings } from './support/add-recordings.ts';
import { downloadFile } from './support/download-file.ts';
import { expect, test } from './support/test.ts';

// What a person does who never read the documentation. Only names that the window shows or has a screen reader say are
// used, by mouse and by keyboard alone.

const OTHERS = 12;
const TITLE = 'Dentist on Tuesday';
/** Most presses of Tab from one end of the window to the other. */
const MAX_TABS = 60;

/** How a person uses what is in the window. */
interface Hand {
  /** Presses a button. */
  press(button: Locator): Promise<void>;
  /** Selects the first row of a list. */
  selectFirst(list: Locator): Promise<void>;
  /** Replaces the text of a field. */
  type(field: Locator, text: string): Promise<void>;
}

const mouse = (): Hand => ({
  press: (button) => button.click(),
  selectFirst: (list) =>
    list
      .getByRole('row')
      .filter({ has: list.page().getByRole('button') })
      .first()
      .click(),
  type: async (field, text) => {
    await field.click();
    await field.fill(text);
  },
});

function keyboard(page: Page): Hand {
  const hasFocus = (target: Locator) => target.evaluate((element) => element === document.activeElement);
  const press = (key: string) => page.keyboard.press(key);

  async function reach(target: Locator): Promise<void> {
    await expect(target).toBeVisible();
    for (let presses = 0; presses < MAX_TABS && !(await hasFocus(target)); presses++) await press('Tab');
    await expect(target).toBeFocused();
  }
  return {
    async press(button) {
      await reach(button);
      await press('Enter');
    },
    async selectFirst(list) {
      await reach(list);
      await press('Home');
    },
    async type(field, text) {
      await reach(field);
      await press('Control+a');
      await page.keyboard.type(text);
    },
  };
}

for (const [means, handOf] of [
  ['mouse', mouse],
  ['keyboard', keyboard],
] as const) {
  test(`by ${means} alone, a person records, names, finds, plays, exports, deletes and restores`, async ({
    app,
    shell,
  }) => {
    test.slow();
    addRecordings(app.dataDir, OTHERS);
    const { page } = await app.open();
    const hand = handOf(page);
    const list = page.getByRole('grid', { name: 'Recordings' });
    const rows = list.getByRole('row').filter({ has: page.getByRole('button', { name: /^(Play|Pause)/ }) });
    const details = page.getByRole('region', { name: 'Details of the recording' });
    const mic = page.getByRole('button', { name: 'Microphone', exact: true });

    await test.step('record', async () => {
      await expect(page.getByText(`${OTHERS} recordings`)).toBeVisible();
      await hand.press(mic);
      await expect(page.getByText('Press again to stop.', { exact: true })).toBeVisible();
      await expect(page.getByRole('timer', { name: 'Elapsed time' })).toHaveText('0:03');
      await hand.press(mic);
      await expect(page.getByRole('heading', { name: 'Recording saved' })).toBeVisible();
      await expect(page.getByText(`${OTHERS + 1} recordings`)).toBeVisible();
    });

    await test.step('name', async () => {
      await hand.selectFirst(list);
      await hand.press(details.getByRole('button', { name: 'Rename' }));
      await page.keyboard.type(TITLE);
      await page.keyboard.press('Enter');
      await expect(rows.first()).toContainText(TITLE);
      await hand.type(details.getByRole('textbox', { name: 'Note' }), 'Ask about the crown');
    });

    await test.step('find', async () => {
      await hand.type(page.getByRole('searchbox', { name: 'Search title, note and date' }), 'crown');
      await expect(rows).toHaveCount(1);
      await expect(rows).toContainText(TITLE);
    });

    await test.step('play', async () => {
      await hand.selectFirst(list);
      await hand.press(details.getByRole('button', { name: /^Play/ }));
      await expect(details.getByRole('button', { name: /^Pause/ })).toBeVisible();
      await expect(details.getByRole('button', { name: /^Play/ })).toBeVisible({ timeout: 20_000 });
    });

    await test.step('export', async () => {
      const save = () => hand.press(details.getByRole('button', { name: 'Save a copy' }));
      const { path } = await downloadFile(app, shell, page, save);
      expect(readFileSync(path).toString('latin1', 0, 4)).toBe('RIFF');
    });

    await test.step('delete and restore', async () => {
      await hand.press(details.getByRole('button', { name: 'Delete' }));
      await expect(rows).toHaveCount(0);
      await hand.press(page.getByRole('button', { name: 'Undo' }));
      await expect(rows).toHaveCount(1);
      await expect(rows).toContainText(TITLE);
    });
  });
}
