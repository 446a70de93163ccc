import { watch } from 'chokidar';
import { ROOT } from '../test-runner/run-tool.ts';

/** Wait (ms) after the last change, because editors write a file in several steps and formatters write it again. */
const SETTLE_MS = 150;

/**
 * Watches folders, except for tests. After a series of changes, calls `onChange` with the name of the last file. With
 * chokidar, because Node's recursive watch on Linux misses every change of a file that an editor has once replaced by
 * renaming another one.
 * @param folders relative to `root`
 * @param onReady called once, when changes begin to be seen
 * @returns a function that stops watching
 */
export function watchSources(
  folders: readonly string[],
  onChange: (file: string) => void,
  root = ROOT,
  onReady = () => {},
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch([...folders], { cwd: root, ignoreInitial: true });
  watcher.once('ready', onReady);
  watcher.on('all', (_event, file) => {
    if (!/\.tsx?$/.test(file) || /\.test\.tsx?$/.test(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => onChange(file), SETTLE_MS);
  });
  return () => {
    clearTimeout(timer);
    return watcher.close();
  };
}
