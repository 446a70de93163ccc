import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildIsStale } from './build-freshness.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'earshot-build-'));
  file('main/voice/server.ts', 100);
  for (const path of ['renderer/index.html', 'main/index.cjs', 'main/web.js', 'preload/index.cjs']) {
    file(`dist/${path}`, 200);
  }
});
afterEach(() => rmSync(root, { recursive: true }));

function file(path: string, seconds: number): void {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, '');
  utimesSync(full, seconds, seconds);
}

describe('a build', () => {
  test('is fresh while every part is newer than every source', () => {
    expect(buildIsStale(root)).toBe(false);
  });

  test('is stale once a source changes', () => {
    file('shared/protocol.ts', 300);
    expect(buildIsStale(root)).toBe(true);
  });

  test('stays fresh when only a test changes', () => {
    file('main/voice/server.test.ts', 300);
    expect(buildIsStale(root)).toBe(false);
  });

  test('is stale while a part of it is missing', () => {
    rmSync(join(root, 'dist/preload/index.cjs'));
    expect(buildIsStale(root)).toBe(true);
  });
});
