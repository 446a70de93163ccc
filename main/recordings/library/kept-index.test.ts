import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { idAt, type LibraryRig, openLibraryRig } from '../../testing/library-rig.ts';
import { defaultDisk } from '../default-disk.ts';
import { infoText } from '../list-recordings.ts';

const COUNT = 60;
let rig: LibraryRig;
let path: string;
beforeEach(async () => {
  // Only the date: files that were changed in the last two seconds are read again.
  vi.useFakeTimers({ toFake: ['Date'] });
  rig = await openLibraryRig();
  path = join(rig.home, 'cache', 'recordings.list');
  for (let i = 0; i < COUNT; i++) await rig.write(i, { title: `Title ${i}` });
  await passMinute();
});
afterEach(async () => {
  vi.useRealTimers();
  await rig.close();
});

const ids = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => idAt(from - i).id);

async function passMinute(): Promise<void> {
  vi.setSystemTime(Date.now() + 60_000);
}

/** A launch that lists all recordings and ends. */
async function launch(): Promise<string[]> {
  const recordings = rig.open();
  const listed = await rig.list(500, recordings);
  await recordings.close();
  return listed;
}

/** A launch that counts the descriptions that it opens. */
function openCounting() {
  const opened: string[] = [];
  const disk = {
    ...defaultDisk,
    readFile: (file: string, encoding: 'utf8') => {
      opened.push(file);
      return defaultDisk.readFile(file, encoding);
    },
  };
  return { recordings: rig.open({ disk }), opened };
}

describe('the kept list of recordings', () => {
  test('makes the next start list all recordings without opening one', async () => {
    expect(await launch()).toEqual(ids(COUNT - 1, 0));
    const { recordings, opened } = openCounting();
    const page = await recordings.page({ limit: 500 });
    expect(page.recordings.map(({ id, title }) => [id, title])).toEqual(
      ids(COUNT - 1, 0).map((id, i) => [id, `Title ${COUNT - 1 - i}`]),
    );
    // Waits until all have been compared with their files.
    await recordings.previewRetention({ retention: 'all', retention_days: 1, retention_number: 1, retention_mb: 10 });
    expect(opened).toEqual([]);
    expect(rig.changed).not.toHaveBeenCalled();
  });

  test('is only for the user, and holds no recording that was deleted', async () => {
    await launch();
    const { mode } = await fs.stat(path);
    expect(mode & 0o077).toBe(0);
    const recordings = rig.open();
    await rig.list(500, recordings);
    await recordings.delete([idAt(5).id]);
    await recordings.close();
    const text = await fs.readFile(path, 'utf8');
    expect(text).not.toContain(idAt(5).id);
    expect(text).toContain(idAt(6).id);
  });

  test('recordings that other programs added, removed or changed meanwhile are listed as they are', async () => {
    await launch();
    await rig.write(COUNT);
    await fs.rm(rig.wav(idAt(0).id));
    const changed = { ...(await rig.readJson(idAt(7).id)), title: 'Other 7' };
    await fs.writeFile(rig.json(idAt(7).id), infoText(changed));
    await fs.writeFile(
      `${rig.json(idAt(8).id)}.tmp`,
      infoText({ ...(await rig.readJson(idAt(8).id)), title: 'New 8' }),
    );
    await passMinute();
    const recordings = rig.open();
    const page = await recordings.page({ limit: 500 });
    expect(page.recordings.map(({ id }) => id)).toEqual(ids(COUNT, 1));
    expect(page.recordings.find(({ id }) => id === idAt(8).id)?.title).toBe('New 8');
    await vi.waitFor(() => expect(rig.changed.mock.calls.map(([{ title }]) => title)).toContain('Other 7'));
    const again = await recordings.page({ limit: 500 });
    expect(again.recordings.find(({ id }) => id === idAt(7).id)?.title).toBe('Other 7');
  });

  test('a description of the same size, put back with an old time, is noticed', async () => {
    await launch();
    const json = rig.json(idAt(3).id);
    const old = await fs.stat(json);
    await passMinute();
    const text = (await fs.readFile(json, 'utf8')).replace('Title 3', 'TITLE 3');
    await fs.rm(json);
    await fs.writeFile(json, text, { mode: 0o600 });
    await fs.utimes(json, old.atime, old.mtime);
    const recordings = rig.open();
    await recordings.page({ limit: 500 });
    await vi.waitFor(() => expect(rig.changed.mock.calls.map(([{ title }]) => title)).toEqual(['TITLE 3']));
  });

  test('an interrupted recording is not kept, since its length is in its WAV', async () => {
    await rig.write(COUNT, { complete: false, writer: 'gone' });
    await launch();
    expect(await fs.readFile(path, 'utf8')).not.toContain(idAt(COUNT).id);
    expect(await launch()).toEqual(ids(COUNT, 0));
  });

  test.each([
    ['deleted', () => fs.rm(path)],
    ['empty', () => fs.writeFile(path, '')],
    ['of another version', () => edit((text) => text.replace('earshot-recordings 2 ', 'earshot-recordings 1 '))],
    ['of another folder', () => edit((text) => text.replaceAll(rig.dir, `${rig.dir}-2`))],
    ['a folder', () => fs.rm(path).then(() => fs.mkdir(path))],
    ['a link', () => fs.rename(path, `${path}.2`).then(() => fs.symlink(`${path}.2`, path))],
  ])('that is %s is ignored', async (_, damage) => {
    await launch();
    await damage();
    const { recordings, opened } = openCounting();
    expect(await rig.list(500, recordings)).toEqual(ids(COUNT - 1, 0));
    expect(opened.length).toBeGreaterThanOrEqual(COUNT);
  });

  test('property: damage at any place changes nothing in the list', async () => {
    await launch();
    const text = await fs.readFile(path, 'utf8');
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.nat(2_000), fc.string(), async (at, removed, added) => {
        await fs.writeFile(path, text.slice(0, at) + added + text.slice(at + removed));
        const recordings = rig.open();
        expect(await rig.list(500, recordings)).toEqual(ids(COUNT - 1, 0));
      }),
      { numRuns: 25 },
    );
  });
});

async function edit(change: (text: string) => string): Promise<void> {
  await fs.writeFile(path, change(await fs.readFile(path, 'utf8')));
}
