import { spawn } from 'node:child_process';
import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../test-runner/run-tool.ts';

/** The files that a build and its packages are made from. */
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

/** Copies the project into an empty folder, to build it there. node_modules is a link to the original. */
export async function copyProject(folder: string): Promise<void> {
  for (const part of PARTS) await cp(join(ROOT, part), join(folder, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
}

/** A proxy on a closed port, through which every request fails. */
const CLOSED_PORT = 'http://127.0.0.1:9';
const OFFLINE = {
  HTTP_PROXY: CLOSED_PORT,
  HTTPS_PROXY: CLOSED_PORT,
  http_proxy: CLOSED_PORT,
  https_proxy: CLOSED_PORT,
  npm_config_registry: CLOSED_PORT,
  npm_config_offline: 'true',
};

/**
 * Runs a script of an npm package in the folder, without the network.
 * @param script path in node_modules
 * @returns its output, both streams
 * @throws with its output if its exit code is not 0
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
      // Leave out the user's tokens, certificates and mirror addresses.
      env: { PATH: process.env.PATH, HOME: folder, ...OFFLINE, CSC_IDENTITY_AUTO_DISCOVERY: 'false', ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${script} exited with ${code}:\n${output}`));
    });
  });
}
