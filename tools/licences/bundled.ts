import type { Rolldown, ViteBuilder } from 'vite';

/** The part of a build's output that lists its modules. */
export interface BuildOutput {
  output: readonly (
    | Pick<Rolldown.OutputAsset, 'type'>
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
 * Lists the packages whose code is in a build.
 * @returns the absolute path of each package's folder, with its bytes in the build (UTF-8, after tree shaking, before
 * minifying)
 */
export function bundledPackages(outputs: readonly BuildOutput[]): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const file of outputs.flatMap(({ output }) => output)) {
    if (file.type === 'asset') continue;
    for (const [id, { renderedLength }] of Object.entries(file.modules)) {
      const folder = packageFolder(id);
      if (folder !== null) bytes.set(folder, (bytes.get(folder) ?? 0) + renderedLength);
    }
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
