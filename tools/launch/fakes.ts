import { EventEmitter } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { vi } from 'vitest';
import type { LaunchOptions } from './launch.ts';

// Test support: folders that look like Electron's package and runtime, with small scripts in the place of the programs.

/** A temporary machine: an empty `electron` package and nothing else. */
export class Fakes {
  readonly folder = mkdtempSync(join(tmpdir(), 'earshot-launch-'));
  readonly electronDir = join(this.folder, 'node_modules/electron');
  readonly overrideDir = join(this.folder, 'override');
  readonly project = join(this.folder, 'project');
  readonly signals = new EventEmitter();
  readonly stdout = new Sink();
  readonly stderr = new Sink();
  readonly said: string[] = [];
  readonly openTab = vi.fn(async () => {});

  constructor() {
    mkdirSync(this.electronDir, { recursive: true });
    mkdirSync(this.overrideDir);
  }

  /** Puts a runtime where the package keeps it; `script` is JavaScript that stands for the browser process. */
  install(script: string): void {
    writeFileSync(join(this.electronDir, 'path.txt'), 'electron');
    this.program(join(this.electronDir, 'dist/electron'), script);
  }

  /** Puts a runtime where ELECTRON_OVERRIDE_DIST_PATH can name it. */
  override(script: string): void {
    this.program(join(this.overrideDir, 'electron'), script);
  }

  /** The package's own installer. */
  installer(script: string): void {
    writeFileSync(join(this.electronDir, 'install.js'), script);
  }

  program(path: string, script: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!${process.execPath}\n${script}`);
    chmodSync(path, 0o755);
  }

  /** What a stand-in wrote into the folder. */
  note(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** A Linux desktop of an ordinary user, whatever machine and user run the test. */
  options(more: Partial<LaunchOptions> = {}, env: NodeJS.ProcessEnv = {}): LaunchOptions {
    return {
      project: this.project,
      electronDir: this.electronDir,
      platform: 'linux',
      root: false,
      env: { PATH: process.env.PATH, FOLDER: this.folder, DISPLAY: ':99', ...env },
      argv: [],
      openTab: this.openTab,
      say: (line) => this.said.push(line),
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

/** Keeps what is written and tells when it comes. */
class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    this.emit('text');
    done();
  }
  /** Resolves when `part` has been written. */
  holding(part: string): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.text.includes(part)) return;
        this.off('text', look);
        resolve();
      };
      this.on('text', look);
      look();
    });
  }
}
