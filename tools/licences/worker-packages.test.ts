import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'vite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT } from '../test-runner/run-tool.ts';
import { workerPackages } from './worker-packages.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-worker-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Builds a page with a worker. @returns the packages in the worker */
async function packagesOf(worker: string): Promise<string[]> {
  const input = join(folder, 'page.ts');
  writeFileSync(join(folder, 'worker.ts'), worker);
  writeFileSync(input, "new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });");
  const found = new Set<string>();
  await build({
    configFile: false,
    root: folder,
    logLevel: 'silent',
    worker: { format: 'es', plugins: () => [workerPackages(found)] },
    build: { write: false, rolldownOptions: { input } },
  });
  return [...found].map((path) => basename(path));
}

test('finds no package in a worker of our own code', async () => {
  expect(await packagesOf('console.log(1);')).toEqual([]);
});

test('finds the packages of a worker, which the build of its page does not report', async () => {
  expect(await packagesOf("import { create } from 'zustand'; console.log(create);")).toContain('zustand');
});
