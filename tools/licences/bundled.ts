import { resolve } from 'node:path';
import type { Rolldown, ViteBuilder } from 'vite';

/** The part of a build's output that lists its modules and the files that it copies. */
export interface BuildOutput {
  output: readonly (
    | Pick<Rolldown.OutputAsset, 'type' | 'source' | 'originalFileNames'>
    | { type: 'chunk'; modules: Record<string, Pick<Rolldown.RenderedModule, 'renderedLength'>> }
  )[];
}

/**
 * The outputs of building one environment of vite.config.ts.
 * @throws in watch mode, where a build does not end
 */
export function outputsOf(built: Awaited<ReturnType<ViteBuilder['build']>>): Rolldown.RolldownOutput[] {
  if ('close' in built) throw new Error('A build in watch mode has no final output.');
  return Array.isArray(built) ? built : [built];
}

/**
 * Lists the packages whose code or files, such as fonts, are in a build.
 * @param root the folder that the names of copied files are relative to: Vite's `root`
 * @returns the absolute path of each package's folder, with its bytes in the build (UTF-8, after tree shaking, before
 * minifying; files as they are)
 */
export function bundledPackages(outputs: readonly BuildOutput[], root: string): Map<string, number> {
  const bytes = new Map<string, number>();
  const add = (id: string, size: number) => {
    const folder = packageFolder(id);
    if (folder !== null) bytes.set(folder, (bytes.get(folder) ?? 0) + size);
  };
  for (const file of outputs.flatMap(({ output }) => output)) {
    if (file.type === 'asset') {
      const [name] = file.originalFileNames;
      if (name !== undefined) add(resolve(root, name), Buffer.byteLength(file.source));
      continue;
    }
    for (const [id, { renderedLength }] of Object.entries(file.modules)) add(id, renderedLength);
  }
  return bytes;
}

/**
 * The folder of the innermost package that contains a module.
 * @param id the module's id: its path, possibly after a NUL (modules of plugins) and before a query
 * @returns null for our own code
 */
export function packageFolder(id: string): string | null {
  return /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id)?.[1] ?? null;
}
