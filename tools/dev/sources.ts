import { watch } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../test-runner/run-tool.ts';

/** Waits this long (ms) after the last change: editors write a file in several steps, and formatters follow. */
const SETTLE_MS = 150;

/** Watches folders. After a series of changes, calls `onChange` with the name of the last file. Ignores tests. */
export function watchSources(folders: readonly string[], onChange: (file: string) => void): void {
  let timer: NodeJS.Timeout | undefined;
  for (const folder of folders) {
    watch(join(ROOT, folder), { recursive: true }, (_event, name) => {
      if (name === null || !/\.tsx?$/.test(name) || /\.test\.tsx?$/.test(name)) return;
      clearTimeout(timer);
      timer = setTimeout(() => onChange(join(folder, name)), SETTLE_MS);
    });
  }
}
