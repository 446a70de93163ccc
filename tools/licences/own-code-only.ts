import type { Plugin } from 'vite';
import { packageFolder } from './bundled.ts';

/**
 * For a worker's or worklet's build, whose modules the build around it doesn't tell: it takes no packages, so that the
 * notices can't miss one.
 */
export function ownCodeOnly(): Plugin {
  return {
    name: 'earshot:own-code-only',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        const foreign = file.type === 'chunk' ? file.moduleIds.find((id) => packageFolder(id) !== null) : undefined;
        if (foreign)
          this.error(`${file.fileName} holds ${foreign}: a worker's packages would be missing in the notices.`);
      }
    },
  };
}
