import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { watchSources } from './watch-sources.ts';

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** Watches a new folder `main` that contains `a.ts`. */
async function watched() {
  const root = mkdtempSync(join(tmpdir(), 'earshot-watch-'));
  cleanUp.push(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'main'));
  const file = join(root, 'main/a.ts');
  writeFileSync(file, '0');
  const changed = vi.fn<(file: string) => void>();
  await new Promise<void>((ready) => {
    cleanUp.push(watchSources(['main'], changed, root, ready));
  });
  return { root, file, changed };
}

test('a file that is replaced by renaming another one is reported every time', async () => {
  const { file, changed } = await watched();
  for (let times = 1; times <= 3; times++) {
    writeFileSync(`${file}~`, String(times));
    renameSync(`${file}~`, file);
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(times), 5_000);
  }
  expect(changed).toHaveBeenLastCalledWith(join('main', 'a.ts'));
});

test('several writes at once are one change; tests and other files are none', async () => {
  const { root, file, changed } = await watched();
  writeFileSync(join(root, 'main/a.test.ts'), '1');
  writeFileSync(join(root, 'main/notes.md'), '1');
  writeFileSync(file, '');
  writeFileSync(file, '1');
  writeFileSync(file, '2');
  await vi.waitFor(() => expect(changed).toHaveBeenCalled(), 5_000);
  expect(changed.mock.calls).toEqual([[join('main', 'a.ts')]]);
});
