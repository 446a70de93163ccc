import { expect, type Locator, type Page } from '@playwright/test';
import type { LogSide } from '../../shared/log-event.ts';

/** What the window says of itself: the root's `data-view`. */
export type View = 'idle' | 'connecting' | 'listening' | 'reconnecting' | 'stopping' | 'error';

/** One window of Earshot as a person uses it: by what is on the screen. */
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
  }

  async press(): Promise<void> {
    await this.mic.click();
  }

  /** Presses `times` within `ms`, evenly, as fast fingers or a bouncing switch do. */
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

  /** Opens another window by this one's button, as a person does. */
  async openAnother(): Promise<EarshotWindow> {
    const [page] = await Promise.all([
      this.page.context().waitForEvent('page'),
      this.page.getByTestId('new-window').click(),
    ]);
    const another = new EarshotWindow(page);
    await another.expectView('idle');
    return another;
  }

  /** Starts to note every change of the view; the result tells them. A view that lasts a millisecond counts. */
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

  /** For how many whole seconds the window has been listening, by its own clock. */
  async seconds(): Promise<number> {
    return toSeconds(await this.elapsed.textContent());
  }

  /** Waits until the window has been listening for so many whole seconds, by its own clock. */
  async expectListenedFor(seconds: number): Promise<void> {
    await expect.poll(() => this.seconds(), { timeout: seconds * 1000 + 10_000 }).toBeGreaterThanOrEqual(seconds);
  }

  /** A line of the log panel, looked up by the panel's own search: the panel draws only the lines in view. */
  async expectLogged(side: LogSide, words: string): Promise<void> {
    await this.logSearch.fill(words);
    await expect(this.page.locator(`[data-testid="log-row"][data-side="${side}"]`).first()).toContainText(words);
    await this.logSearch.fill('');
  }
}

/** `m:ss` in seconds; anything else is 0. */
function toSeconds(clock: string | null): number {
  const [, minutes, seconds] = /^(\d+):(\d\d)$/.exec((clock ?? '').trim()) ?? [];
  return Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}
