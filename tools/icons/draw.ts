import type { Page } from '@playwright/test';
import type { Picture } from './icon-files.ts';

/**
 * Draws one picture in a browser, at its final size.
 * @param svg source text of the drawing
 * @returns a PNG with alpha
 */
export async function drawPicture(page: Page, svg: string, { pixels, scale }: Picture): Promise<Buffer> {
  const href = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  const edge = (1 - scale) / 2;
  await page.setViewportSize({ width: pixels, height: pixels });
  await page.setContent(
    `<body style="margin:0"><svg width="${pixels}" height="${pixels}" viewBox="0 0 1 1" style="display:block">` +
      `<image href="${href}" x="${edge}" y="${edge}" width="${scale}" height="${scale}"/></svg>`,
  );
  return page.screenshot({ omitBackground: true });
}
