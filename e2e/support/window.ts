import { expect, type Locator, type Page } from '@playwright/test';
import type { SectionId } from '../../renderer/features/settings/sections.ts';
import type { LogSide } from '../../shared/log-event.ts';

/** The view of the window: `data-view` of the root element. */
export type View = 'idle' | 'connecting' | 'listening' | 'paused' | 'reconnecting' | 'stopping' | 'error';

/** One window of Earshot, used through its visible elements as a user does. */
export class EarshotWindow {
  readonly page: Page;
  readonly mic: Locator;
  readonly status: Locator;
  readonly sessionId: Locator;
  readonly elapsed: Locator;
  readonly recording: Locator;
  readonly play: Locator;
  readonly problem: Locator;
  readonly retry: Locator;
  readonly logSearch: Locator;
  /** The rows of the list of recordings that are rendered. */
  readonly recordingRows: Locator;
  readonly recordingDetail: Locator;

  constructor(page: Page) {
    this.page = page;
    this.mic = page.getByTestId('mic-button');
    this.status = page.getByTestId('status');
    this.sessionId = page.getByTestId('session-id');
    this.elapsed = page.getByTestId('elapsed');
    this.recording = page.getByTestId('recording').first();
    this.play = page.getByTestId('recording-play').first();
    this.problem = page.getByTestId('problem');
    this.retry = page.getByTestId('retry');
    this.logSearch = page.getByTestId('log-search');
    this.recordingRows = page.getByTestId('recording-row');
    this.recordingDetail = page.getByTestId('recording-detail');
  }

  async press(): Promise<void> {
    await this.mic.click();
  }

  /** Presses `times` times at even intervals within `ms` milliseconds. */
  async pressFast(times: number, ms: number): Promise<void> {
    await this.mic.evaluate(
      (button, { times, every }) =>
        new Promise<void>((resolve) => {
          let pressed = 0;
          const timer = setInterval(() => {
            (button as HTMLElement).click();
            if (++pressed < times) return;
            clearInterval(timer);
            resolve();
          }, every);
        }),
      { times, every: ms / times },
    );
  }

  async expectView(view: View, timeout = 10_000): Promise<void> {
    await expect(this.page.locator('[data-view]')).toHaveAttribute('data-view', view, { timeout });
  }

  /** Skips the first steps of a new profile, which scroll below the mic button in a small window. */
  async skipFirstSteps(): Promise<void> {
    await this.page.getByTestId('first-steps-skip').click();
    await expect(this.page.getByTestId('first-steps')).toBeHidden();
  }

  /** Shows the log, by its button or, in a narrow window, its tab. */
  async showLog(): Promise<void> {
    const tab = this.page.getByTestId('tab-log');
    if (await tab.isVisible()) return tab.click();
    const button = this.page.getByTestId('log-fold');
    if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
    await expect(button).toHaveAttribute('aria-expanded', 'true');
  }

  /** Shows technical lines in the log too, which must be open. */
  async showEveryLine(): Promise<void> {
    await this.page.getByTestId('log-everything').check();
  }

  /** Shows the recordings: by their tab, or by closing a log in their place. */
  async showRecordings(): Promise<void> {
    const tab = this.page.getByTestId('tab-recordings');
    if (await tab.isVisible()) await tab.click();
    else if (await this.page.getByTestId('recording-list').isHidden()) await this.page.getByTestId('log-fold').click();
    await expect(this.page.getByTestId('recording-list')).toBeVisible();
  }

  /** Opens the settings at a section. In a narrow window, where they follow each other, it scrolls there by itself. */
  async openSettings(section: SectionId): Promise<void> {
    await this.page.getByTestId('settings').click();
    await expect(this.page.getByTestId('settings-search')).toBeVisible();
    const tab = this.page.getByTestId(`settings-${section}`);
    if (await tab.isVisible()) await tab.click();
  }

  /** Opens another window with the "New window" button in the settings. */
  async openAnother(): Promise<EarshotWindow> {
    await this.openSettings('advanced');
    const [page] = await Promise.all([
      this.page.context().waitForEvent('page'),
      this.page.getByTestId('new-window').click(),
    ]);
    const another = new EarshotWindow(page);
    await another.expectView('idle');
    return another;
  }

  /** Starts recording every change of the view, however short. @returns reads the recorded views */
  async recordViews(): Promise<() => Promise<string[]>> {
    const views = await this.page.locator('[data-view]').evaluateHandle((root) => {
      const seen: string[] = [];
      new MutationObserver(() => seen.push(root.getAttribute('data-view') ?? '')).observe(root, {
        attributeFilter: ['data-view'],
      });
      return seen;
    });
    return () => views.jsonValue();
  }

  /** Whole seconds on the window's clock of the turn. */
  async seconds(): Promise<number> {
    return toSeconds(await this.elapsed.textContent());
  }

  /** Waits until the window's clock of the turn shows at least this many seconds. */
  async expectListenedFor(seconds: number): Promise<void> {
    await expect.poll(() => this.seconds(), { timeout: seconds * 1000 + 10_000 }).toBeGreaterThanOrEqual(seconds);
  }

  /** Records one turn of at least this many seconds, from one press to the next. */
  async recordTurn(seconds: number): Promise<void> {
    await this.press();
    await this.expectView('listening');
    await this.expectListenedFor(seconds);
    await this.press();
    await this.expectView('idle');
  }

  /**
   * Expects a line in the log panel, and opens the panel. Uses the panel's search, because the panel renders only
   * visible rows. A row shows the fields for which it has room; its title is the whole line.
   */
  async expectLogged(side: LogSide, words: string): Promise<void> {
    await this.showLog();
    await this.showEveryLine();
    await this.logSearch.fill(words);
    const row = this.page.locator(`[data-testid="log-row"][data-side="${side}"]`).first();
    for (const word of words.split(' '))
      await expect(row.locator('.log-text')).toHaveAttribute('title', new RegExp(escapePattern(word)));
    await this.logSearch.fill('');
  }
}

/** A pattern that matches the text itself. */
function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** `m:ss` in seconds; anything else is 0. */
function toSeconds(clock: string | null): number {
  const [, minutes, seconds] = /^(\d+):(\d\d)$/.exec((clock ?? '').trim()) ?? [];
  return Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}
