import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explanatoryLine } from './reason.ts';

/** A download fails after this time (ms) without progress. */
const STALL_MS = 120_000;

export interface DownloadOptions {
  /** The folder of the npm package `electron`, whose `install.js` downloads and unpacks the runtime. */
  electronDir: string;
  env: NodeJS.ProcessEnv;
  /** Default: 120,000. */
  stallMs?: number;
}

/**
 * Downloads Electron's runtime with the package's install script. Stops it when it makes no progress.
 * @returns null, or a short reason why it failed; never rejects
 */
export async function downloadRuntime({
  electronDir,
  env,
  stallMs = STALL_MS,
}: DownloadOptions): Promise<string | null> {
  try {
    // The script prints no progress, so watch the size of its temporary folder.
    const folder = await mkdtemp(join(tmpdir(), 'earshot-electron-'));
    try {
      return await runInstaller(join(electronDir, 'install.js'), folder, env, stallMs);
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  } catch (error) {
    return error instanceof Error ? explanatoryLine(error.message) : String(error);
  }
}

function runInstaller(script: string, folder: string, env: NodeJS.ProcessEnv, stallMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], {
      env: { ...env, TMPDIR: folder, TMP: folder, TEMP: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(0, 16_384);
    });

    let received = 0;
    let progressAt = performance.now();
    let stalled = false;
    const watch = setInterval(
      async () => {
        const now = await sizeOf(folder);
        if (now !== received) progressAt = performance.now();
        received = now;
        if (performance.now() - progressAt < stallMs) return;
        stalled = true;
        child.kill('SIGKILL');
      },
      Math.min(1_000, stallMs / 4),
    );

    const end = (reason: string | null) => {
      clearInterval(watch);
      resolve(reason);
    };
    child.on('error', (error) => end(explanatoryLine(error.message)));
    child.on('close', (code) => {
      if (code === 0) end(null);
      else if (stalled) end(`no progress for ${Math.round(stallMs / 1_000)} s`);
      else end(explanatoryLine(stderr) || `its installer exited with code ${code}`);
    });
  });
}

/** Bytes of all files under a folder. Files that have just disappeared count as 0. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
