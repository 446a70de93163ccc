import type { Page } from '@playwright/test';

declare global {
  interface Window {
    announced: string[];
  }
}

/**
 * Records from now on what a screen reader announces: what is added to a live region (WAI-ARIA 1.2, 6.6). The whole
 * region for the roles `status` and `alert`, which are atomic, otherwise the text that changed. An alert that appears is
 * announced. A `status` that appears together with its text is not announced by most; it is recorded with a note.
 * @returns reads what was announced since the last call, in order
 */
export async function recordAnnouncements(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const live = '[role="status"], [role="alert"], [aria-live="polite"], [aria-live="assertive"]';
    const textOf = (node: Node | null) => (node?.textContent ?? '').replace(/\s+/g, ' ').trim();
    const isSilent = (element: Element) =>
      element.closest('[aria-live="off"]') !== null || !element.checkVisibility({ checkVisibilityCSS: true });
    window.announced = [];
    new MutationObserver((changes) => {
      // By region, so that several changes at once are one announcement.
      const texts = new Map<Element, Set<string>>();
      const add = (region: Element, text: string) => {
        if (text === '' || isSilent(region)) return;
        texts.set(region, (texts.get(region) ?? new Set()).add(text));
      };
      for (const { type, target, addedNodes } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        const region = element?.closest(live);
        const isAtomic = region?.matches('[role="status"], [role="alert"], [aria-atomic="true"]');
        for (const node of type === 'characterData' ? [target] : addedNodes) {
          if (!node.isConnected) continue;
          if (region) add(region, textOf(isAtomic ? region : node));
          else if (node instanceof Element) {
            const inserted = [...(node.matches(live) ? [node] : []), ...node.querySelectorAll(live)];
            for (const one of inserted)
              add(
                one,
                one.matches('[role="alert"]') ? textOf(one) : textOf(one) && `appeared with its text: ${textOf(one)}`,
              );
          }
        }
      }
      for (const parts of texts.values()) window.announced.push([...parts].join(' '));
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => window.announced.splice(0));
}
