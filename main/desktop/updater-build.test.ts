import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isSignedBuild } from './updater-build.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-manifest-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['{"earshot":{"signed":true}}', true],
  ['{"earshot":{"signed":false}}', false],
  ['{"earshot":{"signed":"true"}}', false],
  ['{"earshot":{}}', false],
  ['{"name":"earshot"}', false],
  ['null', false],
  ['{"earshot":{"signed":true}', false],
])('a package.json of %s: signed %s', (text, signed) => {
  writeFileSync(join(folder, 'package.json'), text);
  expect(isSignedBuild(folder)).toBe(signed);
});

test('no package.json: not signed; the one of the source is not either', () => {
  expect(isSignedBuild(join(folder, 'nowhere'))).toBe(false);
  expect(isSignedBuild(join(import.meta.dirname, '../..'))).toBe(false);
});
