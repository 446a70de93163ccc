import { watch } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../test-runner/run-tool.ts';

/** Editors write a file in several steps, and a formatter after them (ms). */
const SETTLE_MS = 150;

/** Calls `onChange` with one file's name after changes in these folders have settled. Tests are not part of the app. */
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
