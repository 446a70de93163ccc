import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';
import { en } from '../../renderer/text/en.ts';
import { BACKGROUND } from '../../shared/window-colours.ts';

const HEAD = `<meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="theme-color" media="(prefers-color-scheme: light)" content="${BACKGROUND.light}" />
    <meta name="theme-color" media="(prefers-color-scheme: dark)" content="${BACKGROUND.dark}" />
    <title>${en.app.name}</title>
    <link rel="icon" type="image/svg+xml" href="./ui/mark.svg" />`;
const NO_SCRIPT = `<noscript>${en.app.needsJavaScript}</noscript>`;

/**
 * Replaces `<!-- head -->` and `<!-- noscript -->` in the renderer's HTML files, which share a head and a sentence for
 * browsers without JavaScript.
 */
export function pageHtml(): Plugin {
  return {
    name: 'page-html',
    // Runs before Vite resolves the files that the page refers to.
    transformIndexHtml: { order: 'pre', handler: fillPage },
  };
}

/** The face of nearly every text in the window. */
const FONT = 'inter-latin-wght-normal.woff2';

/**
 * Adds the font to the window's page, so that it is read while the scripts are. Without it, the first layout looks for a
 * face of the system, which takes longer than the rest of the layout, and a second one follows.
 */
export function preloadFont(): Plugin {
  return {
    name: 'preload-font',
    // The development server has no bundle, and its page needs no preload.
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { path, bundle }) => (bundle && path.endsWith('/index.html') ? [fontLink(bundle)] : []),
    },
  };
}

/** @throws {Error} if the build does not contain the font */
export function fontLink(bundle: Rolldown.OutputBundle): HtmlTagDescriptor {
  const font = Object.values(bundle).find(
    (file) => file.type === 'asset' && file.originalFileNames.some((name) => name.endsWith(`/${FONT}`)),
  );
  if (font === undefined) throw new Error(`The build does not contain ${FONT}.`);
  const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `./${font.fileName}` };
  return { tag: 'link', attrs, injectTo: 'head' };
}

/** Replaces both comments. @throws {Error} if the file lacks one of them */
export function fillPage(html: string): string {
  return fill(fill(html, '<!-- head -->', HEAD), '<!-- noscript -->', NO_SCRIPT);
}

function fill(html: string, place: string, content: string): string {
  if (!html.includes(place)) throw new Error(`An HTML file of the renderer has no ${place}.`);
  return html.replace(place, content);
}
