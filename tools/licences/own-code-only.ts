import type { Plugin } from 'vite';
import { packageFolder } from './bundled.ts';

/**
 * Fails the build of a worker or worklet that contains a package. The outer build does not report the modules of
 * workers, so the package would be missing from the notices.
 */
export function ownCodeOnly(): Plugin {
  return {
    name: 'earshot:own-code-only',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        const foreign = file.type === 'chunk' ? file.moduleIds.find((id) => packageFolder(id) !== null) : undefined;
        if (foreign)
          this.error(`${file.fileName} contains ${foreign}: packages of a worker would be missing from the notices.`);
      }
    },
  };
}
