import { watch } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../test-runner/run-tool.ts';

/** Wait (ms) after the last change, because editors write a file in several steps and formatters write it again. */
const SETTLE_MS = 150;

/** Watches folders, except for tests. After a series of changes, calls `onChange` with the name of the last file. */
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
