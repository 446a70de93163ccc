import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run-tool.ts';

const SOURCES = [
  'main',
  'preload',
  'renderer',
  'shared',
  'tools/licences',
  'build/tray',
  'vite.config.ts',
  'package.json',
  'package-lock.json',
];
/** One file of each output of the build. */
const OUTPUTS = [
  'dist/renderer/index.html',
  'dist/main/index.cjs',
  'dist/main/host.cjs',
  'dist/main/web.js',
  'dist/preload/index.cjs',
];

/** Whether the build is missing or older than a source, by modification times. Tests don't count as sources. */
export function buildIsStale(root = ROOT): boolean {
  const built = OUTPUTS.map((path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return Math.max(...SOURCES.map((path) => newest(join(root, path)))) > Math.min(...built);
}

function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat || /\.test\.tsx?$/.test(path)) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  // Ignore the folder's own time, which editors change with temporary files.
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0);
}
