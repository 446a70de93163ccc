import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { ROOT } from '../../testing/host-process.ts';
import { microphoneFlags } from '../../testing/microphone.ts';
import type { ShellName } from '../../testing/shell.ts';
import { copyProject } from '../../tools/packaging/project.ts';
import { DevToolsPage } from './devtools.ts';

/** Time limit (ms) for building and starting the app on a busy machine. */
const TIMEOUT_MS = 60_000;

/** Runs `npm run dev`, or `dev:web` for the tab, in a copy of the project whose source the test may edit. */
export class DevRun {
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  #output = '';

  private constructor(folder: string, shell: ShellName) {
    this.#folder = folder;
    const electron = ['--remote-debugging-port=0', ...microphoneFlags('beeps', 'allowed')];
    const program = shell === 'tab' ? ['tools/dev-web.ts', '--no-open', '--port', '0'] : ['tools/dev.ts'];
    const args = [
      '--import',
      'tsx',
      ...program,
      '--data-dir',
      this.dataDir,
      ...(shell === 'tab' ? [] : ['--', ...electron]),
    ];
    this.#child = spawn(process.execPath, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Changes must be applied without a reload even if the shell sets this.
      env: { ...process.env, NODE_ENV: 'production' },
    });
    this.#exited = once(this.#child, 'close').then(([code]) => code as number | null);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
  }

  static async start(shell: ShellName): Promise<DevRun> {
    const folder = await mkdtemp(join(tmpdir(), 'earshot-dev-'));
    await copyProject(folder);
    // Link the project's packages, but not node_modules/.cache, where development keeps its data.
    const packages = join(folder, 'node_modules');
    await rm(packages);
    await mkdir(packages);
    for (const name of await readdir(join(ROOT, 'node_modules'))) {
      if (!/^\.(?!bin$)/.test(name)) await symlink(join(ROOT, 'node_modules', name), join(packages, name));
    }
    return new DevRun(folder, shell);
  }

  get dataDir(): string {
    return join(this.#folder, 'data');
  }

  /** Its stdout and stderr so far. */
  get output(): string {
    return this.#output;
  }

  /** Waits until the output matches this pattern exactly `times` times. */
  async expectOutput(pattern: RegExp, times = 1): Promise<void> {
    const all = new RegExp(pattern.source, 'g');
    await expect
      .poll(() => this.#output.match(all)?.length ?? 0, { message: String(pattern), timeout: TIMEOUT_MS })
      .toBe(times);
  }

  /** Connects to the page of the app's nth start, counted from 1. */
  async page(start: number): Promise<DevToolsPage> {
    await this.expectOutput(/DevTools listening on/, start);
    const ports = [...this.#output.matchAll(/DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/g)];
    return DevToolsPage.connect(Number(ports.at(-1)?.[1]));
  }

  /** The address of the tab's page. */
  async url(): Promise<string> {
    await this.expectOutput(/Earshot is running at \S+/);
    return /running at (\S+)/.exec(this.#output)?.[1] ?? '';
  }

  /** Edits a file of the copy. Fails if `change` returns the source unchanged. */
  async edit(file: string, change: (source: string) => string): Promise<void> {
    const path = join(this.#folder, file);
    const before = await readFile(path, 'utf8');
    const after = change(before);
    expect(after, file).not.toBe(before);
    await writeFile(path, after);
  }

  /** Resolves with the exit code; null when the process had to be killed. */
  async waitForExit(): Promise<number | null> {
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), TIMEOUT_MS);
    const code = await this.#exited;
    clearTimeout(kill);
    return code;
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  /** Stops the process if it is still running, and removes the copy. */
  async remove(): Promise<void> {
    this.interrupt();
    await this.waitForExit();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
