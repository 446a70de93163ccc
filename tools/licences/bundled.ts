import type { Rolldown, ViteBuilder } from 'vite';

/** As much of a build's output as says what went into it. */
export interface BuildOutput {
  output: readonly (
    | Pick<Rolldown.OutputAsset, 'type'>
    | { type: 'chunk'; modules: Record<string, Pick<Rolldown.RenderedModule, 'renderedLength'>> }
  )[];
}

/** What building one environment of vite.config.ts resolves with. @throws when it watches: then it never ends */
export function outputsOf(built: Awaited<ReturnType<ViteBuilder['build']>>): Rolldown.RolldownOutput[] {
  if ('close' in built) throw new Error('A build that watches has no end to read.');
  return Array.isArray(built) ? built : [built];
}

/**
 * The packages whose code is in a build.
 * @returns the folder of each, as an absolute path, with its bytes in the build (UTF-8, after tree shaking, before
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
 * The folder of the package that a module belongs to, the innermost one.
 * @param id of a module: its path, perhaps behind a NUL (a module that a plugin made of it) and before a query
 * @returns null for our own code
 */
export function packageFolder(id: string): string | null {
  return /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id)?.[1] ?? null;
}
