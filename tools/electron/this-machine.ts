import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadRuntime } from '../launch/download.ts';
import { isSwitchedOn } from '../launch/environment.ts';
import { findRuntime } from '../launch/runtime.ts';
import { ROOT } from '../test-runner/run-tool.ts';
import type { RuntimeSources } from './provide.ts';
import { hasRegistryRuntime, registryRuntime } from './registry-runtime.ts';

const ELECTRON_DIR = join(ROOT, 'node_modules/electron');

/** The real sources, for `provideRuntime`. */
export function thisMachine(env: NodeJS.ProcessEnv = process.env): RuntimeSources {
  const { platform, arch } = process;
  return {
    find: () => findRuntime({ electronDir: ELECTRON_DIR, overrideDir: env.ELECTRON_OVERRIDE_DIST_PATH, platform }),
    download: () => downloadRuntime({ electronDir: ELECTRON_DIR, env }),
    downloadIsOff: isSwitchedOn(env.ELECTRON_SKIP_BINARY_DOWNLOAD),
    older: hasRegistryRuntime(platform, arch) ? () => registryRuntime({ env, platform, arch }) : null,
    pinned: JSON.parse(readFileSync(join(ELECTRON_DIR, 'package.json'), 'utf8')).version,
  };
}
