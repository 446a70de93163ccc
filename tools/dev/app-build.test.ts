import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBuilder } from 'vite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { outputsOf } from '../licences/bundled.ts';
import { ROOT } from '../test-runner/run-tool.ts';
import { buildDevApp } from './app-build.ts';
import { PORT_VARIABLE } from './desktop-page.ts';

vi.mock('electron', () => ({ app: {}, protocol: {} }));

/** Texts that only the development code contains. */
const DEV_ONLY_TEXTS = [PORT_VARIABLE, "Vite's server", 'unsafe-inline'];

let folder: string;
let hashes: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-dev-build-'));
  hashes = [await buildDevApp(folder), await buildDevApp(folder)];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the development build is an app that Electron can run and that gets its page from Vite', async () => {
  const { main } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const code = await readFile(join(folder, main), 'utf8');
  for (const mark of DEV_ONLY_TEXTS) expect(code).toContain(mark);
  expect(await readFile(join(folder, 'dist/preload/index.cjs'), 'utf8')).toContain('exposeInMainWorld');
});

test('the same source gives the same hash', () => {
  expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(hashes[1]).toBe(hashes[0]);
});

/** The files of each environment. Only the main process has more than one: its host is loaded after the first window. */
const CODE_FILES: Record<string, string[]> = {
  main: ['host.cjs', 'index.cjs'],
  web: ['web.js'],
  preload: ['index.cjs'],
};

test('the release build contains no development code', async () => {
  const builder = await createBuilder({
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    build: { write: false },
  });
  for (const name of Object.keys(CODE_FILES)) {
    const environment = builder.environments[name];
    if (!environment) throw new Error(`vite.config.ts has no environment ${name}`);
    const chunks = outputsOf(await builder.build(environment)).flatMap(({ output }) =>
      output.flatMap((file) => (file.type === 'chunk' ? [file] : [])),
    );
    expect(chunks.map(({ fileName }) => fileName).sort()).toEqual(CODE_FILES[name]);
    for (const { code, moduleIds } of chunks) {
      for (const mark of DEV_ONLY_TEXTS) expect(code, name).not.toContain(mark);
      expect(moduleIds.filter((id) => id.includes('/tools/'))).toEqual([]);
    }
  }
});
