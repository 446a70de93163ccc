import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The project's root folder. */
export const ROOT = join(import.meta.dirname, '../..');

/** The script of each tool. It runs in this Node, without npx or a shell, so that it works the same on every system. */
const SCRIPTS = {
  biome: '@biomejs/biome/bin/biome',
  tsc: 'typescript/bin/tsc',
  vitest: 'vitest/vitest.mjs',
  vite: 'vite/bin/vite.js',
  playwright: '@playwright/test/cli.js',
  knip: 'knip/bin/knip.js',
} as const;
export type ToolName = keyof typeof SCRIPTS;

/** The absolute path of a tool's script. */
export function tool(name: ToolName): string {
  return join(ROOT, 'node_modules', SCRIPTS[name]);
}

/** Runs a tool in the root folder with inherited output; resolves with its exit code. */
export function runTool(name: ToolName, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  return runNode([tool(name), ...args], env);
}

/**
 * Runs a script with this Node in the root folder, with inherited output and without stdin.
 * @returns its exit code; 1 if a signal ended it or it could not be started
 */
export function runNode(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}
