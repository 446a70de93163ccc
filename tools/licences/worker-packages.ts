import type { Plugin } from 'vite';
import { packageFolder } from './bundled.ts';

/**
 * Collects the packages in the builds of workers and worklets. The outer build does not report the modules of workers,
 * so these packages would be missing from the notices.
 * @param found receives the absolute path of each package's folder
 */
export function workerPackages(found: Set<string>): Plugin {
  return {
    name: 'earshot:worker-packages',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        for (const id of file.moduleIds) {
          const folder = packageFolder(id);
          if (folder !== null) found.add(folder);
        }
      }
    },
  };
}
