import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPackageMetadata } from './package-metadata.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-manifest-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const NONE = { signed: false, remoteDebugging: false };

test.each([
  ['{"earshot":{"signed":true}}', { ...NONE, signed: true }],
  ['{"earshot":{"remoteDebugging":true}}', { ...NONE, remoteDebugging: true }],
  ['{"earshot":{"signed":false}}', NONE],
  ['{"earshot":{"signed":"true"}}', NONE],
  ['{"earshot":{"remoteDebugging":"true"}}', NONE],
  ['{"earshot":{"remoteDebugging":1,"signed":true}}', { ...NONE, signed: true }],
  ['{"earshot":{}}', NONE],
  ['{"remoteDebugging":true}', NONE],
  ['{"name":"earshot"}', NONE],
  ['null', NONE],
  ['{"earshot":{"signed":true}', NONE],
])('reads a package.json of %s', (text, marks) => {
  writeFileSync(join(folder, 'package.json'), text);
  expect(readPackageMetadata(folder)).toEqual(marks);
});

test('a signed build never allows control by tests', () => {
  writeFileSync(join(folder, 'package.json'), '{"earshot":{"signed":true,"remoteDebugging":true}}');
  expect(readPackageMetadata(folder)).toEqual({ signed: true, remoteDebugging: false });
});

test('without a package.json, or with that of the source, a build is neither signed nor made for tests', () => {
  expect(readPackageMetadata(join(folder, 'nowhere'))).toEqual(NONE);
  expect(readPackageMetadata(join(import.meta.dirname, '../..'))).toEqual(NONE);
});
