import type { Disk, DiskEntry, DiskFile } from '../recordings/disk.ts';

/** A disk in memory that counts its operations. It has one folder. */
export class MemoryDisk implements Disk {
  /** By path. */
  readonly files = new Map<string, Uint8Array>();
  /** Paths that are links, folders or devices. Opening, reading or writing one fails. */
  readonly links = new Set<string>();
  bytesRead = 0;
  /** All changes, e.g. `write /dir/a.json`. */
  readonly changes: string[] = [];
  opens = 0;

  async mkdir(): Promise<void> {}

  async open(path: string, flags: string): Promise<DiskFile> {
    this.opens++;
    if (flags === 'wx') {
      if (this.files.has(path)) throw systemError('EEXIST');
      this.#set(path, new Uint8Array());
    }
    this.#get(path);
    return {
      write: async (bytes, offset, length, position) => {
        const old = this.#get(path);
        const grown = new Uint8Array(Math.max(old.length, position + length));
        grown.set(old);
        grown.set(bytes.subarray(offset, offset + length), position);
        this.#set(path, grown);
        return { bytesWritten: length };
      },
      read: async (bytes, offset, length, position) => {
        const found = this.#get(path).subarray(position, position + length);
        bytes.set(found, offset);
        this.bytesRead += found.length;
        return { bytesRead: found.length };
      },
      truncate: async (length) => {
        const old = this.#get(path);
        const changed = new Uint8Array(length);
        changed.set(old.subarray(0, length));
        this.#set(path, changed);
      },
      datasync: async () => {},
      stat: async () => ({ size: this.#get(path).length }),
      close: async () => {},
    };
  }

  async readdir(dir: string): Promise<string[]> {
    const prefix = `${dir}/`;
    return [...this.files.keys(), ...this.links].map((path) => path.replace(prefix, ''));
  }

  async readFile(path: string): Promise<string> {
    const bytes = this.#get(path);
    this.bytesRead += bytes.length;
    return new TextDecoder().decode(bytes);
  }

  async writeFile(path: string, text: string): Promise<void> {
    this.#set(path, new TextEncoder().encode(text));
  }

  async rename(from: string, to: string): Promise<void> {
    const bytes = this.#get(from);
    this.files.delete(from);
    this.#set(to, bytes);
  }

  async stat(path: string): Promise<{ size: number; mtimeMs: number }> {
    return { size: this.#get(path).length, mtimeMs: this.#changedAt.get(path) ?? 0 };
  }

  async lstat(path: string): Promise<DiskEntry> {
    if (this.links.has(path)) return { size: 0, mtimeMs: 0, ctimeMs: 0, isFile: () => false, isDirectory: () => false };
    const { size, mtimeMs } = await this.stat(path);
    return { size, mtimeMs, ctimeMs: mtimeMs, isFile: () => true, isDirectory: () => false };
  }

  async copyFile(from: string, to: string): Promise<void> {
    if (this.files.has(to)) throw systemError('EEXIST');
    this.#set(to, this.#get(from).slice());
  }

  async unlink(path: string): Promise<void> {
    this.#get(path);
    this.changes.push(`unlink ${path}`);
    this.files.delete(path);
  }

  readonly #changedAt = new Map<string, number>();

  #get(path: string): Uint8Array {
    if (this.links.has(path)) throw new Error(`${path} was followed`);
    const bytes = this.files.get(path);
    if (bytes === undefined) throw systemError('ENOENT');
    return bytes;
  }

  #set(path: string, bytes: Uint8Array): void {
    if (this.links.has(path)) throw new Error(`${path} was followed`);
    this.changes.push(`write ${path}`);
    this.files.set(path, bytes);
    this.#changedAt.set(path, Date.now());
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
