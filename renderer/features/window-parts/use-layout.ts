import { useMedia } from '../../ui/use-media.ts';

/** From this width (CSS pixels) all three parts are side by side. */
const WIDE = '(min-width: 1100px)';
/** From this width two parts are side by side; below it the parts are tabs. */
const MEDIUM = '(min-width: 700px)';

/** `wide`: talk, recordings and log. `medium`: talk, and recordings or log. `narrow`: one of them, chosen by tabs. */
export type Layout = 'wide' | 'medium' | 'narrow';

/** How many parts the window has room for. */
export function useLayout(): Layout {
  return layoutOf(useMedia(WIDE), useMedia(MEDIUM));
}

/** As `useLayout`, before React renders. */
export function currentLayout(): Layout {
  return layoutOf(matchMedia(WIDE).matches, matchMedia(MEDIUM).matches);
}

function layoutOf(wide: boolean, medium: boolean): Layout {
  return wide ? 'wide' : medium ? 'medium' : 'narrow';
}

export const PARTS = ['talk', 'recordings', 'log'] as const;
/** A part of the window. */
export type Part = (typeof PARTS)[number];

/** The parts that are shown. */
export function shownParts(layout: Layout, logOpen: boolean, tab: Part): ReadonlySet<Part> {
  if (layout === 'narrow') return new Set([tab]);
  if (layout === 'medium') return new Set(['talk', logOpen ? 'log' : 'recordings']);
  return new Set(logOpen ? PARTS : ['talk', 'recordings']);
}
