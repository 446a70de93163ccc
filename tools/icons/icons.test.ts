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
} from './icon-files.ts';
import { sideOf } from './png.ts';

const build = (file: string) => join(ROOT, 'build', file);

describe('the icons in build/', () => {
  test('were made from the current drawings (otherwise run npm run icons)', () => {
    const sources = JSON.parse(readFileSync(build(SOURCES_FILE), 'utf8'));
    expect(sources).toEqual(
      Object.fromEntries(DRAWINGS.map((drawing) => [drawing, hashOf(readFileSync(build(drawing), 'utf8'))])),
    );
  });

  test('are PNGs with alpha, of the size in their name', () => {
    for (const [file, { pixels }] of pictureFiles())
      expect([file, sideOf(readFileSync(build(file)))]).toEqual([file, pixels]);
  });

  test('the folder for Linux contains only the sizes, since electron-builder reads the file names', () => {
    expect(readdirSync(build('icons')).sort()).toEqual(LINUX_SIZES.map((side) => `${side}x${side}.png`).sort());
  });

  test('icon.ico contains every size that Windows uses, in ascending order', () => {
    expect(decodeIco(readFileSync(build('icon.ico'))).map(sideOf)).toEqual([...ICO_SIZES]);
  });

  test('icon.icns contains ic07 to ic14, each in its size', () => {
    const chunks = decodeIcns(readFileSync(build('icon.icns')));
    expect(chunks.map(({ type, content }) => [type, sideOf(content)])).toEqual(ICNS_CHUNKS);
  });

  test('every tray picture has an @2x version', () => {
    const names = [...pictureFiles().keys()].filter((file) => file.startsWith('tray/') && !file.includes('@2x'));
    expect(names).toHaveLength(6);
    for (const name of names) expect(existsSync(build(name.replace('.png', '@2x.png')))).toBe(true);
  });
});

test('up to 32 pixels, the small drawing with one bar is used', () => {
  expect([16, 32, 48].map((pixels) => appPicture(pixels).drawing)).toEqual([
    'icon-small.svg',
    'icon-small.svg',
    'icon.svg',
  ]);
});

test("both drawings have the same margin on macOS, that of Apple's grid", () => {
  expect(macPicture(32).scale * 1024).toBeCloseTo(824);
  expect((macPicture(512).scale * 896) / 1024).toBeCloseTo(824 / 1024);
});

test('the hash of a drawing ignores Windows line endings', () => {
  expect(hashOf('<svg>\r\n</svg>\r\n')).toBe(hashOf('<svg>\n</svg>\n'));
  expect(hashOf('<svg>\n</svg>\n')).not.toBe(hashOf('<svg></svg>\n'));
});
