import * as fs from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RETENTION_DEFAULTS, type RetentionPolicy } from '../../../shared/retention.ts';
import { idAt, type LibraryRig, openLibraryRig } from '../../testing/library-rig.ts';
import { defaultDisk } from '../default-disk.ts';
import type { LibraryEntry } from './read-entry.ts';
import { expiredEntries, summarise } from './retention.ts';

let policy: RetentionPolicy;
let rig: LibraryRig;
beforeEach(async () => {
  policy = RETENTION_DEFAULTS;
  rig = await openLibraryRig({ retention: () => policy });
});
afterEach(() => rig.close());

const keep = (change: Partial<RetentionPolicy>): RetentionPolicy => ({ ...RETENTION_DEFAULTS, ...change });
const NOW = Date.parse(idAt(0).started_at);
const DAY = 24 * 60;

/** @param minutes age of the recording at `NOW` */
function entry(minutes: number, wavBytes = 1_000_000, complete = true): LibraryEntry {
  const { id, started_at } = idAt(-minutes);
  const turn = { session_id: 's', user_id: 'me', turn: 1, started_at, duration_s: 2, gaps: [] };
  const info = { id, ...turn, peak_dbfs: null, rms_dbfs: null, complete };
  return { info, wavBytes, jsonBytes: 1, jsonChangedAt: 0, readAt: 0 };
}

describe('which recordings a policy deletes', () => {
  const ages = [1, DAY - 1, DAY + 1, 10 * DAY, 400 * DAY];
  const indexes = (change: Partial<RetentionPolicy>, entries = ages.map((age) => entry(age))) =>
    expiredEntries(entries, keep(change), NOW).map((expired) => entries.indexOf(expired));

  test.each<[string, Partial<RetentionPolicy>, number[]]>([
    ['all: none', { retention: 'all' }, []],
    ['by days: the older ones', { retention: 'days', retention_days: 1 }, [2, 3, 4]],
    ['by more days: fewer', { retention: 'days', retention_days: 365 }, [4]],
    ['by number: those after the newest', { retention: 'number', retention_number: 2 }, [2, 3, 4]],
    ['by a number that is not reached: none', { retention: 'number', retention_number: 5 }, []],
    ['none: every one', { retention: 'none' }, [0, 1, 2, 3, 4]],
  ])('%s', (_title, change, expected) => {
    expect(indexes(change)).toEqual(expected);
  });

  test('by size: those beyond the sum, but never the newest one', () => {
    const sizes = (...mb: number[]) => mb.map((size, i) => entry(i, size * 1_000_000));
    expect(indexes({ retention: 'size', retention_mb: 10 }, sizes(4, 6, 1, 1))).toEqual([2, 3]);
    expect(indexes({ retention: 'size', retention_mb: 10 }, sizes(50, 1))).toEqual([1]);
  });

  test('a recording that is not finished, or whose time is unknown or in the future, has no age', () => {
    expect(indexes({ retention: 'none' }, [entry(1), entry(2, 1, false)])).toEqual([0]);
    const unknown = entry(1);
    const list = [entry(-500 * DAY), { ...unknown, info: { ...unknown.info, started_at: 'yesterday' } }];
    expect(indexes({ retention: 'days', retention_days: 1 }, list)).toEqual([]);
  });

  test('property: what is kept is newer than what is deleted, and the summary counts it', () => {
    const entries = fc
      .array(fc.tuple(fc.nat(500 * DAY), fc.nat(50_000_000)), { maxLength: 40 })
      .map((list) => list.sort(([a], [b]) => a - b).map(([age, bytes]) => entry(age, bytes)));
    const any = fc.record({
      retention: fc.constantFrom('all', 'days', 'number', 'size', 'none'),
      retention_days: fc.integer({ min: 1, max: 400 }),
      retention_number: fc.integer({ min: 1, max: 50 }),
      retention_mb: fc.integer({ min: 10, max: 1_000 }),
    });
    fc.assert(
      fc.property(entries, any, (list, given) => {
        const expired = expiredEntries(list, given as RetentionPolicy, NOW);
        expect(expired).toEqual(list.slice(list.length - expired.length));
        const { recordings, bytes, oldest } = summarise(expired);
        expect(recordings).toBe(expired.length);
        expect(bytes).toBe(expired.reduce((sum, { wavBytes }) => sum + wavBytes, 0));
        expect(oldest).toBe(expired.at(-1)?.info.started_at ?? null);
      }),
    );
  });
});

describe('the policy is applied', () => {
  test('by a preview, which deletes nothing', async () => {
    for (let i = 0; i < 5; i++) await rig.write(i);
    const preview = await rig.recordings.previewRetention(keep({ retention: 'number', retention_number: 2 }));
    expect(preview).toEqual({
      recordings: 3,
      duration_s: expect.closeTo(0.3),
      bytes: 3 * 3_244,
      oldest: idAt(0).started_at,
      newest: idAt(2).started_at,
    });
    expect(await rig.recordings.previewRetention(keep({}))).toMatchObject({
      recordings: 0,
      oldest: null,
      newest: null,
    });
    expect(await rig.names()).toHaveLength(10);
    expect([rig.removed, rig.expired].map((listener) => listener.mock.calls)).toEqual([[], []]);
  });

  test('after each saved recording; what it deletes may be restored', async () => {
    for (let i = 0; i < 3; i++) await rig.write(i);
    policy = keep({ retention: 'number', retention_number: 2 });
    const saved = await rig.record(10);
    await vi.waitFor(() => expect(rig.expired).toHaveBeenCalledTimes(1));
    expect(rig.expired.mock.calls[0]?.[0]).toMatchObject({ recordings: 2, newest: idAt(1).started_at });
    expect(rig.removed.mock.calls).toEqual([[{ ids: [idAt(1).id, idAt(0).id], why: 'expired' }]]);
    expect(await rig.list()).toEqual([saved?.id, idAt(2).id]);
    expect(await rig.recordings.restore([idAt(0).id])).toMatchObject({ done: [idAt(0).id] });
  });

  test('at the start, after the repair', async () => {
    await rig.write(0);
    await rig.write(1, { complete: false, duration_s: 0 });
    policy = keep({ retention: 'number', retention_number: 1 });
    await rig.recordings.repair();
    await vi.waitFor(() => expect(rig.expired).toHaveBeenCalledTimes(1));
    expect(await rig.recordings.list()).toMatchObject([{ id: idAt(1).id, repaired: true }]);
  });

  test('“don’t keep” deletes each recording once it is saved, but none that is being written', async () => {
    policy = keep({ retention: 'none' });
    const startedAt = new Date(idAt(5).started_at);
    const running = rig.recordings.begin({ sessionId: 'k3J9xQ2aB7', userId: 'me', turn: 1, startedAt });
    for (let i = 0; i < 30; i++) running.write(new Uint8Array(640).fill(1));
    await expect.poll(() => rig.names()).toContain(`${idAt(5).id}.json`);
    await rig.record(1);
    await vi.waitFor(() => expect(rig.removed).toHaveBeenCalledTimes(1));
    expect(await rig.names()).toEqual([`${idAt(5).id}.json`, `${idAt(5).id}.wav`]);
    expect(await running.finish()).toMatchObject({ complete: true });
    await vi.waitFor(async () => expect(await rig.names()).toEqual([]));
    expect(await rig.recordings.restore([idAt(5).id])).toMatchObject({ done: [idAt(5).id] });
  });

  test('a recording that can’t be deleted is reported with its reason, and the others are deleted', async () => {
    for (let i = 0; i < 3; i++) await rig.write(i);
    policy = keep({ retention: 'none' });
    const disk = {
      ...defaultDisk,
      rename: async (from: string, to: string) => {
        if (from === rig.wav(idAt(1).id)) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
        await fs.rename(from, to);
      },
    };
    await rig.open({ disk }).repair();
    await vi.waitFor(() => expect(rig.problem).toHaveBeenCalledTimes(1));
    expect(rig.problem.mock.calls[0]?.[0]).toMatchObject({ code: 'delete_failed' });
    expect(rig.expired.mock.calls[0]?.[0]).toMatchObject({ recordings: 2 });
    expect(await rig.names()).toEqual([`${idAt(1).id}.json`, `${idAt(1).id}.wav`]);
  });
});
