import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { notices, readPackage, type ShippedPackage } from './notices.ts';

const ws: ShippedPackage = { name: 'ws', version: '8.0.0', license: 'MIT', texts: ['Permission is granted'] };

describe('the notices', () => {
  test('list each package once, sorted, with version, licence and texts', () => {
    const text = notices([ws, { ...ws, name: 'ajv', license: 'Apache-2.0', texts: ['A licence', 'A notice'] }, ws]);
    const parts = ['ajv 8.0.0 (Apache-2.0)', 'A licence', 'A notice', 'ws 8.0.0 (MIT)', 'Permission is granted'];
    const places = parts.map((part) => text.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(text.split('ws 8.0.0')).toHaveLength(2);
  });

  test('list two versions of a package separately', () => {
    expect(notices([ws, { ...ws, version: '9.0.0' }])).toMatch(/ws 8\.0\.0[\s\S]*ws 9\.0\.0/);
  });

  test.each(['GPL-3.0-only', 'MPL-2.0', undefined])('are refused for a licence that is not allowed: %s', (license) => {
    expect(() => notices([{ ...ws, license }])).toThrow(expect.objectContaining({ code: 'licence_not_allowed' }));
  });

  test('are refused for a package without a licence text', () => {
    expect(() => notices([{ ...ws, texts: [] }])).toThrow(expect.objectContaining({ code: 'licence_text_missing' }));
  });
});

describe('a package', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'earshot-package-'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...ws, texts: undefined, main: 'index.js' }));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is read with all its licence and notice files, however they are spelt', () => {
    for (const name of ['LICENSE-APACHE', 'licence.md', 'NOTICE', 'Copying.txt', 'README.md']) {
      writeFileSync(join(folder, name), `${name}\n`);
    }
    mkdirSync(join(folder, 'licenses'));
    expect(readPackage(folder)).toEqual({ ...ws, texts: ['Copying.txt', 'LICENSE-APACHE', 'NOTICE', 'licence.md'] });
  });

  test('has no licence if its manifest has no SPDX expression', () => {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...ws, license: { type: 'MIT' } }));
    expect(readPackage(folder).license).toBeUndefined();
  });
});
