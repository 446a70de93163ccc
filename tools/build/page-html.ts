import type { Plugin } from 'vite';
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

/** Replaces both comments. @throws {Error} if the file lacks one of them */
export function fillPage(html: string): string {
  return fill(fill(html, '<!-- head -->', HEAD), '<!-- noscript -->', NO_SCRIPT);
}

function fill(html: string, place: string, content: string): string {
  if (!html.includes(place)) throw new Error(`An HTML file of the renderer has no ${place}.`);
  return html.replace(place, content);
}
