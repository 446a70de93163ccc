import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildIsStale } from './build-freshness.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'earshot-build-'));
  file('main/voice/server.ts', 100);
  for (const path of ['renderer/index.html', 'main/index.cjs', 'main/host.cjs', 'main/web.js', 'preload/index.cjs']) {
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
  test('is fresh if every output is newer than every source', () => {
    expect(buildIsStale(root)).toBe(false);
  });

  test('is stale after a change of a source', () => {
    file('shared/protocol.ts', 300);
    expect(buildIsStale(root)).toBe(true);
  });

  test('is fresh after a change of a test', () => {
    file('main/voice/server.test.ts', 300);
    expect(buildIsStale(root)).toBe(false);
  });

  test('is stale if an output is missing', () => {
    rmSync(join(root, 'dist/preload/index.cjs'));
    expect(buildIsStale(root)).toBe(true);
  });
});
