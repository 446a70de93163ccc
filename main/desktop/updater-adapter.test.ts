import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  type RequestOptions,
  request,
  type Server,
} from 'node:http';
import Module, { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppImageUpdater, MacUpdater } from 'electron-updater';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { adaptUpdater } from './updater-adapter.ts';

// Tests the real electron-updater with its GitHub provider against a local server. What it
// takes from Electron (paths, version, network) is replaced.

const requireHere = createRequire(import.meta.url);
const library: { AppImageUpdater: typeof AppImageUpdater; MacUpdater: typeof MacUpdater } =
  requireHere('electron-updater');
const { ElectronHttpExecutor } = requireHere('electron-updater/out/electronHttpExecutor.js');

/** electron-updater's HTTP client with Node's requests instead of Electron's. */
class NodeExecutor extends ElectronHttpExecutor {
  createRequest(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest {
    return request(options, onResponse);
  }
}

const FILE = 'Earshot-2.0.0-linux-x86_64.AppImage';
const MAC_FILE = 'Earshot-2.0.0-mac.zip';
const CONTENT = Buffer.from('a newer Earshot'.repeat(1_000));

let folder: string;
let server: Server;
/** Version and content of the release. */
let release: { version: string; sha512: string; served: Buffer };
let requests: { path: string; headers: NodeJS.Dict<string | string[]> }[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-updater-'));
  release = { version: '2.0.0', sha512: sha512(CONTENT), served: CONTENT };
  requests = [];
  server = createServer((question, answer) => {
    const path = (question.url ?? '').split('?', 1)[0] ?? '';
    requests.push({ path, headers: question.headers });
    const found = answerTo(path);
    answer.writeHead(found === null ? 404 : 200).end(found ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('APPIMAGE', join(folder, 'Earshot.AppImage'));
  writeFileSync(join(folder, 'Earshot.AppImage'), 'the Earshot of now');
  const { port } = server.address() as AddressInfo;
  writeFileSync(
    join(folder, 'app-update.yml'),
    `provider: github\nowner: someone\nrepo: earshot\nprotocol: http\nhost: 127.0.0.1:${port}\nupdaterCacheDirName: earshot-updater\n`,
  );
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function sha512(data: Buffer): string {
  return createHash('sha512').update(data).digest('base64');
}

function answerTo(path: string): string | Buffer | null {
  const tag = `v${release.version}`;
  const base = '/someone/earshot/releases';
  if (path === `${base}.atom`) {
    const link = `http://127.0.0.1${base}/tag/${tag}`;
    return `<?xml version="1.0"?><feed><entry><title>${tag}</title><link href="${link}"/><content>News</content></entry></feed>`;
  }
  // At a host other than github.com the latest release is requested from the API, whose URL differs only in this.
  if (path === '/api/v3/repos/someone/earshot/releases/latest') return JSON.stringify({ tag_name: tag });
  if (path === `${base}/download/${tag}/latest-linux.yml`) {
    const { version, sha512: hash } = release;
    const files = [FILE, MAC_FILE].map((url) => `  - url: ${url}\n    sha512: ${hash}\n    size: ${CONTENT.length}\n`);
    return `version: ${version}\nfiles:\n${files.join('')}path: ${FILE}\nsha512: ${hash}\nreleaseDate: '2026-01-01T00:00:00.000Z'\n`;
  }
  return [FILE, MAC_FILE].some((file) => path === `${base}/download/${tag}/${file}`) ? release.served : null;
}

function appAdapter() {
  return {
    version: '1.0.0',
    name: 'earshot',
    isPackaged: true,
    appUpdateConfigPath: join(folder, 'app-update.yml'),
    userDataPath: folder,
    baseCachePath: folder,
    whenReady: async () => {},
    relaunch: () => {},
    quit: () => {},
    onQuit: () => {
      throw new Error('it would install by itself when the app quits');
    },
  };
}

const quitter = () => Object.assign(new EventEmitter(), { quit: () => {} });

function adapted() {
  const updater = new library.AppImageUpdater(null, appAdapter());
  Object.assign(updater, { httpExecutor: new NodeExecutor() });
  return adaptUpdater(updater, quitter(), null);
}

/** A fake of Electron's `autoUpdater` on macOS: downloads like it, and verifies when the test calls it. */
class FakeSquirrel extends EventEmitter {
  fetched: Buffer[] = [];
  restarts = 0;
  #feed: { url: string; headers: Record<string, string> } | null = null;

  setFeedURL(feed: { url: string; headers: Record<string, string> }): void {
    this.#feed = feed;
  }
  checkForUpdates(): void {
    void this.#fetch().catch((error: unknown) => this.emit('error', error));
  }
  quitAndInstall(): void {
    this.restarts++;
  }
  async #fetch(): Promise<void> {
    if (this.#feed === null) throw new Error('Update URL is not set');
    const answer = await fetch(this.#feed.url, { headers: this.#feed.headers });
    const list = (await answer.json()) as { url: string };
    this.fetched.push(Buffer.from(await (await fetch(list.url)).arrayBuffer()));
    this.emit('fetched');
  }
}

/** The real updater for macOS with a downloaded release and a fake `autoUpdater`. */
async function downloadedOnMac() {
  // It runs system programs to detect the processor, and continues without their result.
  vi.stubEnv('PATH', folder);
  const squirrel = new FakeSquirrel();
  const electron = requireHere.resolve('electron');
  const before = requireHere.cache[electron];
  const stub = new Module(electron);
  stub.exports = { autoUpdater: squirrel };
  requireHere.cache[electron] = stub;
  const updater = new library.MacUpdater(undefined, appAdapter());
  if (before) requireHere.cache[electron] = before;
  else delete requireHere.cache[electron];
  Object.assign(updater, { httpExecutor: new NodeExecutor() });
  const adapter = adaptUpdater(updater, quitter(), squirrel);
  await adapter.check();
  await adapter.download(() => {});
  onTestFinished(() => Reflect.get(updater, 'closeServerIfExists').call(updater));
  return { squirrel, adapter };
}

const downloaded = () => join(folder, 'earshot-updater/pending', FILE);
const fetched = () => requests.filter(({ path }) => path.endsWith('.AppImage'));

describe.runIf(process.platform === 'linux')('the electron-updater adapter', () => {
  test('finds a newer release and downloads nothing', async () => {
    const updater = adapted();
    expect(await updater.check()).toBe('2.0.0');
    // A download started by the first check would have begun before the second one ends.
    expect(await updater.check()).toBe('2.0.0');
    const lists = ['releases.atom', 'latest', 'latest-linux.yml'];
    expect(requests.map(({ path }) => path.split('/').at(-1))).toEqual([...lists, ...lists]);
    expect(existsSync(join(folder, 'earshot-updater'))).toBe(false);
  });

  test('sends nothing that identifies a machine', async () => {
    const updater = adapted();
    await updater.check();
    await updater.download(() => {});
    expect(requests.length).toBeGreaterThan(3);
    const id = readFileSync(join(folder, '.updaterId'), 'utf8');
    for (const { headers } of requests) {
      expect(headers['x-user-staging-id'] ?? '').not.toContain(id);
      expect(headers.cookie).toBeUndefined();
    }
  });

  test.each(['1.0.0', '0.9.0'])('ignores release %s, because there are no downgrades', async (version) => {
    release.version = version;
    expect(await adapted().check()).toBeNull();
  });

  test('downloads on request, verifies, and does not install at the next quit', async () => {
    const updater = adapted();
    await updater.check();
    await updater.download(() => {});
    expect(fetched()).toHaveLength(1);
    expect(readFileSync(downloaded()).equals(CONTENT)).toBe(true);
    expect(readFileSync(join(folder, 'Earshot.AppImage'), 'utf8')).toBe('the Earshot of now');
  });

  test('rejects a file that does not match the release, and deletes it', async () => {
    release.served = Buffer.from('not the newer Earshot');
    const updater = adapted();
    await updater.check();
    await expect(updater.download(() => {})).rejects.toThrow(/sha512 checksum mismatch/);
    expect(existsSync(downloaded())).toBe(false);
    release.served = CONTENT;
    await updater.download(() => {});
    expect(existsSync(downloaded())).toBe(true);
  });

  test('rejects if the release cannot be reached', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(adapted().check()).rejects.toThrow();
  });
});

describe.runIf(process.platform === 'linux')('the electron-updater adapter for macOS', () => {
  const fetchedBy = (squirrel: FakeSquirrel) => once(squirrel, 'fetched');

  test('passes nothing to the system before the user’s click, because the system would install it at the next quit', async () => {
    const { squirrel } = await downloadedOnMac();
    expect([squirrel.fetched.length, squirrel.restarts]).toEqual([0, 0]);
  });

  test('restarts after the system has received and verified the update', async () => {
    const { squirrel, adapter } = await downloadedOnMac();
    const fetched = fetchedBy(squirrel);
    void adapter.install(() => true);
    await fetched;
    expect(squirrel.fetched).toEqual([CONTENT]);
    expect(squirrel.restarts).toBe(0);
    squirrel.emit('update-downloaded');
    await vi.waitFor(() => expect(squirrel.restarts).toBe(1));
  });

  test('does not end a turn that began during verification; the next click does not wait', async () => {
    const { squirrel, adapter } = await downloadedOnMac();
    const fetched = fetchedBy(squirrel);
    let busy = false;
    const held = adapter.install(() => !busy);
    await fetched;
    busy = true;
    squirrel.emit('update-downloaded');
    await held;
    expect(squirrel.restarts).toBe(0);
    busy = false;
    // Only the next click may end the app, no further event of the system.
    squirrel.emit('update-downloaded');
    await new Promise(setImmediate);
    expect(squirrel.restarts).toBe(0);
    void adapter.install(() => !busy);
    expect([squirrel.restarts, squirrel.fetched.length]).toEqual([1, 1]);
  });

  test('rejects if the system refuses the update before or at the restart, and can be retried from the download', async () => {
    const { squirrel, adapter } = await downloadedOnMac();
    let fetched = fetchedBy(squirrel);
    const refused = adapter.install(() => true);
    await fetched;
    squirrel.emit('error', new Error('Could not get code signature'));
    await expect(refused).rejects.toThrow('Could not get code signature');
    squirrel.emit('update-downloaded');
    await new Promise(setImmediate);
    expect(squirrel.restarts).toBe(0);

    await adapter.download(() => {});
    fetched = fetchedBy(squirrel);
    const second = adapter.install(() => true);
    await fetched;
    squirrel.emit('update-downloaded');
    await vi.waitFor(() => expect(squirrel.restarts).toBe(1));
    squirrel.emit('error', new Error('Could not start the helper'));
    await expect(second).rejects.toThrow('Could not start the helper');
    expect(squirrel.listenerCount('update-downloaded')).toBe(1);
  });
});

describe('installing', () => {
  function fakeInstaller() {
    const order: string[] = [];
    const updater = Object.assign(new EventEmitter(), { quitAndInstall: () => order.push('installs') });
    const app = Object.assign(new EventEmitter(), { quit: () => order.push('asked to quit') });
    // The part of AppUpdater that installing uses; its constructor requires Electron.
    return { order, app, adapter: adaptUpdater(updater as unknown as AppImageUpdater, app, null) };
  }

  test('on Windows and Linux starts after everything else has ended', () => {
    const { order, app, adapter } = fakeInstaller();
    void adapter.install(() => true);
    expect(order).toEqual(['asked to quit']);
    order.push('host stops');
    app.emit('quit');
    expect(order).toEqual(['asked to quit', 'host stops', 'installs']);
  });

  test('on Windows and Linux does not end the app if it may not end', async () => {
    const { order, app, adapter } = fakeInstaller();
    await adapter.install(() => false);
    app.emit('quit');
    expect(order).toEqual([]);
  });
});
