import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  type RequestOptions,
  request,
  type Server,
} from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppImageUpdater } from 'electron-updater';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { adaptUpdater } from './updater-adapter.ts';

// The real electron-updater with its GitHub provider, against a release of our own on the loopback interface. What it
// takes from Electron (paths, version, the network) comes from the test.

const requireHere = createRequire(import.meta.url);
const library: { AppImageUpdater: typeof AppImageUpdater } = requireHere('electron-updater');
const { ElectronHttpExecutor } = requireHere('electron-updater/out/electronHttpExecutor.js');

/** electron-updater's own way to ask the network, over Node's requests instead of Electron's. */
class NodeExecutor extends ElectronHttpExecutor {
  createRequest(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest {
    return request(options, onResponse);
  }
}

const FILE = 'Earshot-2.0.0-linux-x86_64.AppImage';
const CONTENT = Buffer.from('a newer Earshot'.repeat(1_000));

let folder: string;
let server: Server;
/** Version and content that the release names and has. */
let release: { version: string; sha512: string; served: Buffer };
let asked: { path: string; headers: NodeJS.Dict<string | string[]> }[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-updater-'));
  release = { version: '2.0.0', sha512: sha512(CONTENT), served: CONTENT };
  asked = [];
  server = createServer((question, answer) => {
    const path = (question.url ?? '').split('?', 1)[0] ?? '';
    asked.push({ path, headers: question.headers });
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
  // At another host than github.com itself the latest release is asked of the API, whose address differs in this alone.
  if (path === '/api/v3/repos/someone/earshot/releases/latest') return JSON.stringify({ tag_name: tag });
  if (path === `${base}/download/${tag}/latest-linux.yml`) {
    const { version, sha512: hash } = release;
    return `version: ${version}\nfiles:\n  - url: ${FILE}\n    sha512: ${hash}\n    size: ${CONTENT.length}\npath: ${FILE}\nsha512: ${hash}\nreleaseDate: '2026-01-01T00:00:00.000Z'\n`;
  }
  return path === `${base}/download/${tag}/${FILE}` ? release.served : null;
}

function adapted() {
  const updater = new library.AppImageUpdater(null, {
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
  });
  Object.assign(updater, { httpExecutor: new NodeExecutor() });
  return adaptUpdater(updater, Object.assign(new EventEmitter(), { quit: () => {} }), 'linux');
}

const downloaded = () => join(folder, 'earshot-updater/pending', FILE);
const fetched = () => asked.filter(({ path }) => path.endsWith('.AppImage'));

describe.runIf(process.platform === 'linux')('electron-updater, held to our rules,', () => {
  test('finds a newer release and fetches nothing of it', async () => {
    const updater = adapted();
    expect(await updater.check()).toBe('2.0.0');
    // What the first one might have begun by itself has had its time when the second is through.
    expect(await updater.check()).toBe('2.0.0');
    const lists = ['releases.atom', 'latest', 'latest-linux.yml'];
    expect(asked.map(({ path }) => path.split('/').at(-1))).toEqual([...lists, ...lists]);
    expect(existsSync(join(folder, 'earshot-updater'))).toBe(false);
  });

  test('tells the makers nothing that could count a machine', async () => {
    const updater = adapted();
    await updater.check();
    await updater.download(() => {});
    expect(asked.length).toBeGreaterThan(3);
    const id = readFileSync(join(folder, '.updaterId'), 'utf8');
    for (const { headers } of asked) {
      expect(headers['x-user-staging-id'] ?? '').not.toContain(id);
      expect(headers.cookie).toBeUndefined();
    }
  });

  test.each(['1.0.0', '0.9.0'])('takes a release of %s for none: no version goes back', async (version) => {
    release.version = version;
    expect(await adapted().check()).toBeNull();
  });

  test('fetches on our word, whole and verified, and does not arm itself for the next quit', async () => {
    const updater = adapted();
    await updater.check();
    await updater.download(() => {});
    expect(fetched()).toHaveLength(1);
    expect(readFileSync(downloaded()).equals(CONTENT)).toBe(true);
    expect(readFileSync(join(folder, 'Earshot.AppImage'), 'utf8')).toBe('the Earshot of now');
  });

  test('refuses a file that is not the one that the release names, and keeps nothing of it', async () => {
    release.served = Buffer.from('not the newer Earshot');
    const updater = adapted();
    await updater.check();
    await expect(updater.download(() => {})).rejects.toThrow(/sha512 checksum mismatch/);
    expect(existsSync(downloaded())).toBe(false);
    release.served = CONTENT;
    await updater.download(() => {});
    expect(existsSync(downloaded())).toBe(true);
  });

  test('rejects when the release can not be reached', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(adapted().check()).rejects.toThrow();
  });
});

describe('installing', () => {
  function standIn(platform: NodeJS.Platform) {
    const order: string[] = [];
    const updater = Object.assign(new EventEmitter(), { quitAndInstall: () => order.push('installs') });
    const app = Object.assign(new EventEmitter(), { quit: () => order.push('asked to quit') });
    // As much of AppUpdater as installing uses; its constructor wants Electron.
    return { order, updater, app, tool: adaptUpdater(updater as unknown as AppImageUpdater, app, platform) };
  }

  test.each(['win32', 'linux'] as const)('on %s begins when everything else has ended', (platform) => {
    const { order, app, tool } = standIn(platform);
    tool.install(() => {});
    expect(order).toEqual(['asked to quit']);
    order.push('host stops');
    app.emit('quit');
    expect(order).toEqual(['asked to quit', 'host stops', 'installs']);
  });

  test('on macOS is handed to the system, which quits the app by itself and tells what went wrong', () => {
    const { order, updater, tool } = standIn('darwin');
    const onError = vi.fn();
    tool.install(onError);
    expect(order).toEqual(['installs']);
    updater.emit('error', new Error('Could not get code signature'));
    expect(onError).toHaveBeenCalledOnce();
  });
});
