const STEPS = {
  horizontal: { ArrowRight: 1, ArrowLeft: -1 },
  vertical: { ArrowDown: 1, ArrowUp: -1 },
} as const;

/**
 * The tab that a key selects: an arrow the next or previous one, in a circle; Home and End the first and last. Pure.
 * @param key `KeyboardEvent.key`
 * @returns null if the key selects no tab
 */
export function nextTab<Tab>(
  key: string,
  current: Tab,
  tabs: readonly Tab[],
  orientation: 'horizontal' | 'vertical',
): Tab | null {
  if (key === 'Home') return tabs[0] ?? null;
  if (key === 'End') return tabs.at(-1) ?? null;
  const step = (STEPS[orientation] as Record<string, number>)[key];
  if (step === undefined) return null;
  return tabs[(tabs.indexOf(current) + step + tabs.length) % tabs.length] ?? null;
}
