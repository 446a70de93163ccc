import { expect, type Page } from '@playwright/test';

/** Sets the size of the page in CSS pixels, and waits until the window is laid out for it. */
export async function resize(page: Page, width: number, height: number): Promise<void> {
  await page.setViewportSize({ width, height });
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width);
  // The window hears of its new size in the next frame, and is drawn for it in the one after.
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(null)))),
  );
}
