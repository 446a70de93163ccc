import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT } from '../test-runner/run-tool.ts';
import { ownCodeOnly } from './own-code-only.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-worker-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
});
afterEach(() => rmSync(folder, { recursive: true }));

function buildWorker(source: string) {
  const input = join(folder, 'worker.ts');
  writeFileSync(input, source);
  return build({
    configFile: false,
    root: folder,
    logLevel: 'silent',
    plugins: [ownCodeOnly()],
    build: { write: false, rolldownOptions: { input } },
  });
}

test('builds a worker without packages', async () => {
  await expect(buildWorker('console.log(1);')).resolves.toBeDefined();
});

test('refuses a worker that imports a package, and names it', async () => {
  await expect(buildWorker(`import { create } from 'zustand'; console.log(create);`)).rejects.toThrow(
    /contains .*zustand/,
  );
});
