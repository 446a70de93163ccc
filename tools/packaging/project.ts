import { spawn } from 'node:child_process';
import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../test-runner/run-tool.ts';

/** What a build and its packages are made from. */
const PARTS = [
  'main',
  'preload',
  'renderer',
  'shared',
  'tools',
  'build',
  'electron-builder.yml',
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'tsconfig.json',
];

/**
 * Copies the project into an empty folder, so that building it there disturbs nobody. The packages stay where they are.
 */
export async function copyProject(folder: string): Promise<void> {
  for (const part of PARTS) await cp(join(ROOT, part), join(folder, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
}

/** Leads nowhere: whatever asks the network through it fails. */
const DEAD = 'http://127.0.0.1:9';
const OFFLINE = {
  HTTP_PROXY: DEAD,
  HTTPS_PROXY: DEAD,
  http_proxy: DEAD,
  https_proxy: DEAD,
  npm_config_registry: DEAD,
  npm_config_offline: 'true',
};

/**
 * Runs a script of one of the packages in the folder, without the network.
 * @returns what it said on both streams
 * @throws with all that it said, when its exit code is another than 0
 */
export function runOffline(
  folder: string,
  script: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules', script), ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Exclude the user's tokens, certificates and mirror addresses.
      env: { PATH: process.env.PATH, HOME: folder, ...OFFLINE, CSC_IDENTITY_AUTO_DISCOVERY: 'false', ...env },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(said);
      else reject(new Error(`${script} ended with ${code}:\n${said}`));
    });
  });
}
