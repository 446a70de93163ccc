import { z } from 'zod';
import type { Fuses } from './fuses.ts';

/** The fuses by their names in electron-builder. */
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

/** The parts of electron-builder.yml that are read here; the rest is kept. */
const BuilderConfig = z.looseObject({
  files: z.array(z.unknown()),
  electronFuses: z.record(z.string(), z.boolean()),
  deb: z.looseObject({}),
});

/** The properties of a runtime that change the configuration. */
export interface TestRuntime {
  /** Absolute path. */
  folder: string;
  version: string;
  /** The fuses of its program. */
  fuses: ReadonlySet<string>;
  /** Whether its Node lacks functions that the main process uses (tools/electron/default-app/node-functions.cjs). */
  lacksNodeFunctions: boolean;
}

/** The folder in the archive with the files that an older runtime needs, which come from tools/electron. */
const TEST_RUNTIME = 'test-runtime';

/**
 * Returns electron-builder's configuration for a test package: the released one, without the fuses that the runtime
 * lacks, and with a main file that adds the functions that its Node lacks. The pinned Electron lacks neither. Test
 * packages are compressed for speed, not for size. Pure.
 * @param released electron-builder.yml, parsed
 * @param remoteDebugging whether tests may control the package (docs/packaging.md)
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
