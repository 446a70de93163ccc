import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../test-runner/run-tool.ts';
import { decodeIcns, ICNS_CHUNKS } from './icns.ts';
import { decodeIco } from './ico.ts';
import {
  appPicture,
  DRAWINGS,
  hashOf,
  ICO_SIZES,
  LINUX_SIZES,
  macPicture,
  pictureFiles,
  SOURCES_FILE,
} from './plan.ts';
import { sideOf } from './png.ts';

const build = (file: string) => join(ROOT, 'build', file);

describe('the icons in build/', () => {
  test('were made from the drawings as they are now (else: npm run icons)', () => {
    const sources = JSON.parse(readFileSync(build(SOURCES_FILE), 'utf8'));
    expect(sources).toEqual(
      Object.fromEntries(DRAWINGS.map((drawing) => [drawing, hashOf(readFileSync(build(drawing), 'utf8'))])),
    );
  });

  test('are PNGs with alpha of the size that their name says', () => {
    for (const [file, { pixels }] of pictureFiles())
      expect([file, sideOf(readFileSync(build(file)))]).toEqual([file, pixels]);
  });

  test('the folder for Linux holds nothing but the sizes, which electron-builder reads from the names', () => {
    expect(readdirSync(build('icons')).sort()).toEqual(LINUX_SIZES.map((side) => `${side}x${side}.png`).sort());
  });

  test('icon.ico holds every size that Windows draws, smallest first', () => {
    expect(decodeIco(readFileSync(build('icon.ico'))).map(sideOf)).toEqual([...ICO_SIZES]);
  });

  test('icon.icns holds ic07 to ic14, each of its size', () => {
    const chunks = decodeIcns(readFileSync(build('icon.icns')));
    expect(chunks.map(({ type, content }) => [type, sideOf(content)])).toEqual(ICNS_CHUNKS);
  });

  test('every picture of the tray has its @2x beside it', () => {
    const names = [...pictureFiles().keys()].filter((file) => file.startsWith('tray/') && !file.includes('@2x'));
    expect(names).toHaveLength(4);
    for (const name of names) expect(existsSync(build(name.replace('.png', '@2x.png')))).toBe(true);
  });
});

test('up to 32 pixels the small drawing is taken, whose one bar does not run together', () => {
  expect([16, 32, 48].map((pixels) => appPicture(pixels).drawing)).toEqual([
    'icon-small.svg',
    'icon-small.svg',
    'icon.svg',
  ]);
});

test("both drawings leave the same room around the tile on macOS, which is that of Apple's grid", () => {
  expect(macPicture(32).scale * 1024).toBeCloseTo(824);
  expect((macPicture(512).scale * 896) / 1024).toBeCloseTo(824 / 1024);
});

test('a checkout with Windows line ends is not another drawing', () => {
  expect(hashOf('<svg>\r\n</svg>\r\n')).toBe(hashOf('<svg>\n</svg>\n'));
  expect(hashOf('<svg>\n</svg>\n')).not.toBe(hashOf('<svg></svg>\n'));
});
