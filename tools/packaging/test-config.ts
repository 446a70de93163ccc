import { z } from 'zod';
import type { Fuses } from './fuses.ts';

/** electron-builder's name of a fuse, and the fuse. */
const FUSE_NAMES: Readonly<Record<string, keyof Fuses>> = {
  runAsNode: 'RunAsNode',
  enableCookieEncryption: 'CookieEncryption',
  enableNodeOptionsEnvironmentVariable: 'NodeOptions',
  enableNodeCliInspectArguments: 'NodeCliInspect',
  enableEmbeddedAsarIntegrityValidation: 'EmbeddedAsarIntegrityValidation',
  onlyLoadAppFromAsar: 'OnlyLoadAppFromAsar',
  loadBrowserProcessSpecificV8Snapshot: 'LoadBrowserProcessSpecificV8Snapshot',
  grantFileProtocolExtraPrivileges: 'GrantFileProtocolExtraPrivileges',
};

/** As much of electron-builder.yml as is read here; the rest is handed on as it is. */
const BuilderConfig = z.looseObject({
  files: z.array(z.unknown()),
  electronFuses: z.record(z.string(), z.boolean()),
  deb: z.looseObject({}),
});

/** What decides how a package for tests differs from a released one. */
export interface TestRuntime {
  /** Absolute. */
  folder: string;
  version: string;
  /** The fuses that its program has. */
  fuses: ReadonlySet<string>;
  /** Whether its Node lacks functions that the main process uses (tools/electron/default-app/node-functions.cjs). */
  lacksNodeFunctions: boolean;
}

/** Where the files that an older runtime needs lie in the archive, under the names that they have in tools/electron. */
const TEST_RUNTIME = 'test-runtime';

/**
 * electron-builder's configuration for a package over a given runtime: the released one, less the fuses that the
 * runtime does not have, and with an entry that adds what its Node lacks. Over the pinned Electron neither is needed.
 * Packed quickly in place of tightly, since nobody downloads it. Pure.
 * @param released electron-builder.yml, parsed
 * @param remoteDebugging whether a test may drive the package (docs/packaging.md)
 */
export function testConfig(released: unknown, runtime: TestRuntime, remoteDebugging: boolean): object {
  const config = BuilderConfig.parse(released);
  const fuses = Object.entries(config.electronFuses).filter(([name]) => {
    const fuse = FUSE_NAMES[name];
    return fuse === undefined || runtime.fuses.has(fuse);
  });
  const shims = ['packaged-app/main.cjs', 'default-app/node-functions.cjs'];
  return {
    ...config,
    electronVersion: runtime.version,
    electronDist: runtime.folder,
    electronFuses: Object.fromEntries(fuses),
    files: runtime.lacksNodeFunctions
      ? [...config.files, { from: 'tools/electron', to: TEST_RUNTIME, filter: shims }]
      : config.files,
    extraMetadata: {
      ...(runtime.lacksNodeFunctions ? { main: `${TEST_RUNTIME}/${shims[0]}` } : {}),
      ...(remoteDebugging ? { earshot: { remoteDebugging: true } } : {}),
    },
    compression: 'store',
    deb: { ...config.deb, compression: 'gz', fpm: ['--deb-compression-level', '1'] },
  };
}
