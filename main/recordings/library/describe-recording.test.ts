import * as fs from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_NOTE, MAX_TITLE, RecordingInfo } from '../../../shared/recording.ts';
import { idAt, type LibraryRig, openLibraryRig } from '../../testing/library-rig.ts';
import { defaultDisk } from '../default-disk.ts';
import { cleanNote, cleanTitle } from './describe-recording.ts';

let rig: LibraryRig;
beforeEach(async () => {
  rig = await openLibraryRig();
});
afterEach(() => rig.close());

describe('title and note', () => {
  test('are written to the JSON and reported; the files keep their names', async () => {
    const id = await rig.write(1);
    const before = await rig.names();
    const info = await rig.recordings.describe({ id, title: 'Plan / A \u{1f680}', note: 'First line\n\tsecond' });
    expect(info).toMatchObject({ id, title: 'Plan / A \u{1f680}', note: 'First line\n\tsecond' });
    expect(await rig.readJson(id)).toEqual(info);
    expect(rig.changed).toHaveBeenCalledExactlyOnceWith(info);
    expect(await rig.names()).toEqual(before);
    expect((await fs.stat(rig.json(id))).mode & 0o777).toBe(0o600);
  });

  test('an absent text stays, an empty one is removed, and the same text again writes nothing', async () => {
    const id = await rig.write(1, { title: 'One', note: 'Two' });
    expect(await rig.recordings.describe({ id, title: 'New' })).toMatchObject({ title: 'New', note: 'Two' });
    const { ino } = await fs.stat(rig.json(id));
    await rig.recordings.describe({ id, title: ' New ' });
    expect((await fs.stat(rig.json(id))).ino).toBe(ino);
    const info = await rig.recordings.describe({ id, title: '', note: ' \n ' });
    expect(Object.keys(info)).not.toEqual(expect.arrayContaining(['title']));
    expect(Object.keys(await rig.readJson(id))).not.toEqual(expect.arrayContaining(['note']));
  });

  test('fields of a later version of Earshot stay in the JSON', async () => {
    const id = await rig.write(1);
    await fs.writeFile(rig.json(id), JSON.stringify({ ...(await rig.readJson(id)), transcript: { words: [1] } }));
    await rig.recordings.describe({ id, title: 'Kept' });
    expect(await rig.readJson(id)).toMatchObject({ title: 'Kept', transcript: { words: [1] } });
  });

  test('survive the repair of an interrupted recording', async () => {
    const id = await rig.write(1, { complete: false, duration_s: 0 });
    await rig.recordings.describe({ id, title: 'Before the repair' });
    await rig.recordings.repair();
    expect(await rig.readJson(id)).toMatchObject({ title: 'Before the repair', repaired: true, duration_s: 0.1 });
  });

  test('two changes at once are made one after the other', async () => {
    const id = await rig.write(1);
    await Promise.all([rig.recordings.describe({ id, title: 'T' }), rig.recordings.describe({ id, note: 'N' })]);
    expect(await rig.readJson(id)).toMatchObject({ title: 'T', note: 'N' });
  });

  test('property: any text becomes one that the JSON may hold, without control characters, and stays the same then', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(text, fc.nat(20), (given, times) => {
        const title = cleanTitle(given.repeat(times));
        const note = cleanNote(given.repeat(times));
        expect(RecordingInfo.pick({ title: true, note: true }).parse({ title, note })).toEqual({ title, note });
        expect(title).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(note).not.toMatch(/(?![\n\t])\p{Cc}|\p{Cs}/u);
        expect([cleanTitle(title), cleanNote(note)]).toEqual([title, note]);
      }),
    );
    expect(cleanTitle('a\r\nb\0c\u202e')).toBe('a b c');
    expect(cleanNote('a\r\nb\rc\u2028d\x07')).toBe('a\nb\nc\nd');
    expect(cleanTitle(`${'x'.repeat(MAX_TITLE - 1)}\u{1f680}`)).toHaveLength(MAX_TITLE - 1);
    expect(cleanNote('y'.repeat(MAX_NOTE + 5))).toHaveLength(MAX_NOTE);
  });
});

describe('a change that fails has a code and a sentence, and leaves the JSON as it was', () => {
  async function failure(change: Promise<unknown>): Promise<{ code?: string; message?: string }> {
    return change.then(
      () => ({}),
      (error: { code: string; message: string }) => error,
    );
  }

  test('an unknown recording, and an id that is a path', async () => {
    for (const id of [idAt(1).id, '../settings', 'x'])
      expect(await failure(rig.recordings.describe({ id, title: 'T' }))).toMatchObject({ code: 'no_such_recording' });
  });

  test('a recording that is being written, here or by another host', async () => {
    const startedAt = new Date(idAt(1).started_at);
    const recording = rig.recordings.begin({ sessionId: 'k3J9xQ2aB7', userId: 'me', turn: 1, startedAt });
    for (let i = 0; i < 30; i++) recording.write(new Uint8Array(640).fill(1));
    const { id } = idAt(1);
    await expect.poll(() => rig.names()).toContain(`${id}.json`);
    expect(await failure(rig.recordings.describe({ id, title: 'T' }))).toMatchObject({
      code: 'recording_in_progress',
      message: 'This recording is still being written. Stop it first, then try again.',
    });
    await recording.finish();
    expect(await rig.recordings.describe({ id, title: 'T' })).toMatchObject({ title: 'T', complete: true });

    const other = await rig.write(2, { complete: false, writer: 'other' });
    const launches = { current: 'me', isRunning: async () => true, othersRunning: async () => true };
    expect(await failure(rig.open({ launches }).describe({ id: other, title: 'T' }))).toMatchObject({
      code: 'recording_in_progress',
    });
  });

  test('a damaged JSON', async () => {
    const id = await rig.write(1);
    await fs.writeFile(rig.json(id), '{"id": 7');
    expect(await failure(rig.recordings.describe({ id, title: 'T' }))).toMatchObject({ code: 'recording_damaged' });
    expect(await fs.readFile(rig.json(id), 'utf8')).toBe('{"id": 7');
  });

  test.each([
    ['ENOSPC', 'disk_full', /^The disk is full, so title and note were not changed\. Free some space/],
    ['EROFS', 'description_not_written', /read-only, so title and note were not changed\. Check the folder/],
    ['EIO', 'description_not_written', /could not be used \(EIO\), so title and note were not changed/],
  ])('a disk that answers %s', async (code, expected, sentence) => {
    const id = await rig.write(1, { title: 'Old' });
    const disk = {
      ...defaultDisk,
      writeFile: async () => {
        throw Object.assign(new Error(code), { code });
      },
    };
    const { code: actual, message } = await failure(rig.open({ disk }).describe({ id, title: 'New' }));
    expect([actual, message]).toEqual([expected, expect.stringMatching(sentence)]);
    expect(await rig.readJson(id)).toMatchObject({ title: 'Old' });
  });

  test('a JSON that would become too long to be read', async () => {
    const id = await rig.write(1);
    const filler = 'x'.repeat(1024 * 1024 - 1_000);
    await fs.writeFile(rig.json(id), JSON.stringify({ ...(await rig.readJson(id)), filler }));
    expect(await failure(rig.recordings.describe({ id, note: 'n'.repeat(2_000) }))).toMatchObject({
      code: 'description_too_long',
    });
    expect((await rig.readJson(id)).filler).toBe(filler);
  });

  test.skipIf(process.platform === 'win32')('a JSON that is a link: its target is not changed', async () => {
    const id = await rig.write(1);
    await fs.rename(rig.json(id), `${rig.home}/target`);
    await fs.symlink(`${rig.home}/target`, rig.json(id));
    const before = await fs.readFile(`${rig.home}/target`, 'utf8');
    expect(await failure(rig.recordings.describe({ id, title: 'T' }))).toMatchObject({ code: 'file_unsafe' });
    expect(await fs.readFile(`${rig.home}/target`, 'utf8')).toBe(before);
  });
});
