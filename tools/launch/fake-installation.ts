import { EventEmitter } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { vi } from 'vitest';
import type { LaunchOptions } from './launch.ts';

// Test support: folders like those of Electron's package and runtime, in which small scripts replace the programs.

/** A temporary folder with an empty `electron` package. */
export class FakeInstallation {
  readonly folder = mkdtempSync(join(tmpdir(), 'earshot-launch-'));
  readonly electronDir = join(this.folder, 'node_modules/electron');
  readonly overrideDir = join(this.folder, 'override');
  readonly project = join(this.folder, 'project');
  readonly signals = new EventEmitter();
  readonly stdout = new Sink();
  readonly stderr = new Sink();
  readonly printed: string[] = [];
  readonly openTab = vi.fn(async () => {});

  constructor() {
    mkdirSync(this.electronDir, { recursive: true });
    mkdirSync(this.overrideDir);
  }

  /** Installs a runtime in the package. `script` is the JavaScript that runs instead of Electron. */
  install(script: string): void {
    writeFileSync(join(this.electronDir, 'path.txt'), 'electron');
    this.program(join(this.electronDir, 'dist/electron'), script);
  }

  /** Installs a runtime in a folder for ELECTRON_OVERRIDE_DIST_PATH. */
  override(script: string): void {
    this.program(join(this.overrideDir, 'electron'), script);
  }

  /** Writes the package's `install.js`. */
  installer(script: string): void {
    writeFileSync(join(this.electronDir, 'install.js'), script);
  }

  program(path: string, script: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!${process.execPath}\n${script}`);
    chmodSync(path, 0o755);
  }

  /** Reads a file that a script wrote into the folder. */
  note(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** Options of an ordinary user on a Linux desktop, on any machine and for any user. */
  options(more: Partial<LaunchOptions> = {}, env: NodeJS.ProcessEnv = {}): LaunchOptions {
    return {
      project: this.project,
      electronDir: this.electronDir,
      platform: 'linux',
      root: false,
      env: { PATH: process.env.PATH, FOLDER: this.folder, DISPLAY: ':99', ...env },
      argv: [],
      openTab: this.openTab,
      print: (line) => this.printed.push(line),
      signals: this.signals,
      stdout: this.stdout,
      stderr: this.stderr,
      ...more,
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Keeps what is written. */
class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    this.emit('text');
    done();
  }
  /** Resolves when `part` has been written. */
  waitFor(part: string): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!this.text.includes(part)) return;
        this.off('text', check);
        resolve();
      };
      this.on('text', check);
      check();
    });
  }
}
