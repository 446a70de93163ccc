import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chromium } from '@playwright/test';
import { describeError } from '../shared/errors.ts';
import { BROWSER_ARGS } from '../testing/browser.ts';
import { findBrowser } from './browser/find.ts';
import { thisMachine } from './browser/this-machine.ts';
import { drawPicture } from './icons/draw.ts';
import { encodeIcns } from './icons/icns.ts';
import { encodeIco } from './icons/ico.ts';
import {
  appPicture,
  DRAWINGS,
  type Drawing,
  hashOf,
  ICNS_SIZES,
  ICO_SIZES,
  macPicture,
  type Picture,
  pictureFiles,
  SOURCES_FILE,
} from './icons/icon-files.ts';
import { ROOT } from './test-runner/run-tool.ts';

const BUILD = join(ROOT, 'build');

/** `npm run icons`: draws every icon of the app from the SVGs in `build/`. */
async function main(): Promise<void> {
  const svgs = new Map<Drawing, string>();
  for (const drawing of DRAWINGS) svgs.set(drawing, await readFile(join(BUILD, drawing), 'utf8'));

  const browser = await chromium.launch({ executablePath: await findBrowser(thisMachine()), args: [...BROWSER_ARGS] });
  try {
    const page = await browser.newPage();
    const draw = (picture: Picture) => drawPicture(page, svgs.get(picture.drawing) ?? '', picture);

    for (const [file, picture] of pictureFiles()) await write(file, await draw(picture));
    const ico: Buffer[] = [];
    for (const pixels of ICO_SIZES) ico.push(await draw(appPicture(pixels)));
    await write('icon.ico', encodeIco(ico));
    const mac = new Map<number, Buffer>();
    for (const pixels of ICNS_SIZES) mac.set(pixels, await draw(macPicture(pixels)));
    await write(
      'icon.icns',
      encodeIcns((pixels) => mac.get(pixels) ?? Buffer.alloc(0)),
    );
  } finally {
    await browser.close();
  }
  const sources = Object.fromEntries([...svgs].map(([drawing, svg]) => [drawing, hashOf(svg)]));
  await write(SOURCES_FILE, Buffer.from(`${JSON.stringify(sources, null, 2)}\n`));
}

async function write(file: string, content: Buffer): Promise<void> {
  const path = join(BUILD, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  console.log(`build/${file}`);
}

await main().catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
