import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UpdateState } from '../../shared/desktop.ts';
import { type BuildFacts, CHECK_WAIT_MS, createUpdates, type UpdaterLike, whyNoUpdates } from './updates.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const RELEASE: BuildFacts = { packaged: true, signed: true, platform: 'win32', env: {} };

/** An updater whose answers the test holds. */
class FakeUpdater implements UpdaterLike {
  checks = 0;
  downloads = 0;
  installs = 0;
  /** What `check` and `download` answer. */
  check = async (): Promise<string | null> => {
    this.checks++;
    return this.newest();
  };
  newest: () => string | null | Promise<string | null> = () => '2.0.0';
  fetch: (onPercent: (percent: number) => void) => Promise<void> = async () => {};
  onInstallError: (error: unknown) => void = () => {};

  download(onPercent: (percent: number) => void): Promise<void> {
    this.downloads++;
    return this.fetch(onPercent);
  }
  install(onError: (error: unknown) => void): void {
    this.installs++;
    this.onInstallError = onError;
  }
}

function rig(facts: Partial<BuildFacts> = {}) {
  const updater = new FakeUpdater();
  const told: UpdateState[] = [];
  const log = vi.fn();
  const world = { busy: false };
  const loadUpdater = vi.fn(async (): Promise<UpdaterLike> => updater);
  const updates = createUpdates({
    ...RELEASE,
    ...facts,
    log,
    isBusy: () => world.busy,
    onChange: (state) => told.push(UpdateState.parse(state)),
    loadUpdater,
  });
  return { updates, updater, told, log, world, loadUpdater };
}

/** Lets everything run that waits for no timer. */
const settle = () => vi.advanceTimersByTimeAsync(0);
const code = (name: string) => expect.objectContaining({ code: name });
const gate = () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
};

async function readyRig() {
  const all = rig();
  await all.updates.check();
  await all.updates.step('download');
  await settle();
  expect(all.told.at(-1)).toEqual({ state: 'ready', version: '2.0.0' });
  return all;
}

describe('why no update is looked for', () => {
  test.each<[BuildFacts['platform'], string | undefined, boolean, boolean, ReturnType<typeof whyNoUpdates>]>([
    ['darwin', undefined, true, true, null],
    ['win32', undefined, true, true, null],
    ['linux', '/home/someone/Earshot.AppImage', true, true, null],
    ['linux', undefined, true, true, 'unsupported'],
    ['linux', '', true, true, 'unsupported'],
    ['freebsd', '/home/someone/Earshot.AppImage', true, true, 'unsupported'],
    ['linux', undefined, true, false, 'unsupported'],
    ['darwin', undefined, true, false, 'not_signed'],
    ['win32', undefined, true, false, 'not_signed'],
    ['linux', '/home/someone/Earshot.AppImage', true, false, 'not_signed'],
    ['darwin', undefined, false, false, 'not_packaged'],
    ['linux', undefined, false, true, 'not_packaged'],
  ])('on %s, APPIMAGE %s, packaged %s, signed %s: %s', (platform, APPIMAGE, packaged, signed, why) => {
    expect(whyNoUpdates({ platform, env: { APPIMAGE }, packaged, signed })).toBe(why);
    expect(rig({ platform, env: { APPIMAGE }, packaged, signed }).updates.whyNot).toBe(why);
  });

  test.each([{ packaged: false }, { signed: false }, { platform: 'linux' as const }])(
    'with %o the updater is never loaded and no step has anything to do',
    async (facts) => {
      const { updates, loadUpdater, told } = rig(facts);
      await updates.check();
      await expect(updates.step('download')).rejects.toEqual(code('no_update'));
      await expect(updates.step('install')).rejects.toEqual(code('no_update'));
      expect(loadUpdater).not.toHaveBeenCalled();
      expect(told).toEqual([]);
    },
  );
});

describe('a check', () => {
  test('tells of a newer version and fetches nothing', async () => {
    const { updates, updater, told } = rig();
    await updates.check();
    expect(told).toEqual([{ state: 'available', version: '2.0.0' }]);
    expect(updater.downloads).toBe(0);
  });

  test('tells that there is none', async () => {
    const { updates, updater, told } = rig();
    updater.newest = () => null;
    await updates.check();
    expect(told).toEqual([{ state: 'none' }]);
  });

  test('that finds a turn waits for its end, and the updater is not even loaded before', async () => {
    const { updates, updater, loadUpdater, world, told } = rig();
    world.busy = true;
    await updates.check();
    await vi.advanceTimersByTimeAsync(10 * CHECK_WAIT_MS);
    expect(loadUpdater).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(1);
    world.busy = false;
    await vi.advanceTimersByTimeAsync(CHECK_WAIT_MS);
    expect(updater.checks).toBe(1);
    expect(told).toEqual([{ state: 'available', version: '2.0.0' }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('asked for twice at once is one', async () => {
    const { updates, updater, loadUpdater } = rig();
    await Promise.all([updates.check(), updates.check()]);
    expect([updater.checks, loadUpdater.mock.calls.length]).toEqual([1, 1]);
    await updates.check();
    expect([updater.checks, loadUpdater.mock.calls.length]).toEqual([2, 1]);
  });

  test('that fails is told in a sentence, and in the log without an address', async () => {
    const { updates, updater, told, log } = rig();
    updater.newest = () => {
      throw new Error('404 "method: GET url: https://host.example/file?X-Amz-Signature=abc"\nHeaders: {}');
    };
    await updates.check();
    expect(told).toEqual([{ state: 'failed', message: expect.stringMatching(/^Earshot could not .* try again\.$/) }]);
    expect(log).toHaveBeenCalledExactlyOnceWith('WARNING', {
      type: 'update_failed',
      step: 'check',
      detail: '404 "method: GET url: (address)',
    });
  });

  test('whose updater could not be loaded loads it again at the next try', async () => {
    const { updates, loadUpdater, told } = rig();
    loadUpdater.mockRejectedValueOnce(new Error('broken archive'));
    await updates.check();
    await updates.step('download');
    expect(told.map(({ state }) => state)).toEqual(['failed', 'available']);
  });

  test('does not disturb a download or what is ready', async () => {
    const { updates, updater, told } = await readyRig();
    await updates.check();
    expect(updater.checks).toBe(1);
    expect(told.at(-1)).toEqual({ state: 'ready', version: '2.0.0' });
  });

  test('whose answer comes after the download has begun changes nothing', async () => {
    const { updates, updater, told } = rig();
    await updates.check();
    const late = gate();
    updater.newest = () => late.opened.then(() => null);
    const second = updates.check();
    await settle();
    updater.fetch = () => new Promise(() => {});
    await updates.step('download');
    late.open();
    await second;
    expect(told.at(-1)).toEqual({ state: 'downloading', version: '2.0.0', percent: 0 });
  });
});

describe('a step', () => {
  test('is refused during a turn, whatever the state', async () => {
    const { updates, updater, world } = await readyRig();
    world.busy = true;
    await expect(updates.step('install')).rejects.toEqual(code('update_busy'));
    await expect(updates.step('download')).rejects.toEqual(code('update_busy'));
    expect(updater.installs).toBe(0);
    world.busy = false;
    await updates.step('install');
    await settle();
    expect(updater.installs).toBe(1);
  });

  test('that has nothing to do is refused: nothing is installed that was not downloaded', async () => {
    const { updates, updater } = rig();
    await expect(updates.step('download')).rejects.toEqual(code('no_update'));
    await updates.check();
    await expect(updates.step('install')).rejects.toEqual(code('no_update'));
    expect([updater.downloads, updater.installs]).toEqual([0, 0]);
  });

  test('to download answers at once and tells whole percents, forwards only', async () => {
    const { updates, updater, told } = rig();
    const end = gate();
    updater.fetch = async (onPercent) => {
      for (const percent of [0, 0.4, 1.2, 1.9, Number.NaN, 50, 49, -3, 100, 250]) onPercent(percent);
      await end.opened;
      onPercent(100);
    };
    await updates.check();
    await updates.step('download');
    await settle();
    await expect(updates.step('download')).rejects.toEqual(code('no_update'));
    end.open();
    await settle();
    expect(told.slice(1)).toEqual([
      ...[0, 1, 50, 100].map((percent) => ({ state: 'downloading', version: '2.0.0', percent })),
      { state: 'ready', version: '2.0.0' },
    ]);
    expect(updater.downloads).toBe(1);
  });

  test('to download, after one that failed, downloads the same version again', async () => {
    const { updates, updater, told, log } = rig();
    updater.fetch = () => Promise.reject(new Error('sha512 checksum mismatch'));
    await updates.check();
    await updates.step('download');
    await settle();
    expect(told.at(-1)).toEqual({ state: 'failed', message: expect.stringContaining('2.0.0') });
    expect(log).toHaveBeenCalledWith('WARNING', expect.objectContaining({ step: 'download' }));
    updater.fetch = async () => {};
    await updates.step('download');
    await settle();
    expect(told.at(-1)).toEqual({ state: 'ready', version: '2.0.0' });
    expect(updater.checks).toBe(1);
  });

  test('to install hands over once, and says when it failed', async () => {
    const { updates, updater, told } = await readyRig();
    await Promise.all([updates.step('install'), updates.step('install')]);
    expect(updater.installs).toBe(1);
    updater.onInstallError(new Error('Could not get code signature'));
    expect(told.at(-1)).toEqual({ state: 'failed', message: expect.stringContaining('could not be installed') });
    await updates.step('download');
    await settle();
    await updates.step('install');
    expect(updater.installs).toBe(2);
  });
});

test('after stop nothing is told, checked or timed', async () => {
  const { updates, updater, told, world } = rig();
  world.busy = true;
  await updates.check();
  updates.stop();
  expect(vi.getTimerCount()).toBe(0);
  world.busy = false;
  await updates.check();
  await vi.advanceTimersByTimeAsync(2 * CHECK_WAIT_MS);
  expect([updater.checks, told]).toEqual([0, []]);
});

test('property: nothing is fetched or installed without a word, none of it in a turn, and every state is one of the contract', async () => {
  const act = fc.constantFrom('check', 'download', 'install', 'turn', 'end of turn', 'minute', 'offline', 'online');
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
      const { updates, updater, world, told } = rig();
      const wanted = { download: 0, install: 0 };
      const online = updater.newest;
      for (const one of acts) {
        const before = [updater.checks, updater.downloads, updater.installs];
        if (one === 'check') await updates.check();
        else if (one === 'minute') await vi.advanceTimersByTimeAsync(CHECK_WAIT_MS);
        else if (one === 'turn' || one === 'end of turn') world.busy = one === 'turn';
        else if (one === 'offline' || one === 'online') {
          updater.newest = one === 'online' ? online : () => Promise.reject(new Error('offline'));
        } else {
          wanted[one]++;
          await updates.step(one).catch(() => {});
        }
        await settle();
        if (world.busy) expect([updater.checks, updater.downloads, updater.installs]).toEqual(before);
        expect(updater.downloads).toBeLessThanOrEqual(wanted.download);
        expect(updater.installs).toBeLessThanOrEqual(wanted.install);
        expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
      }
      for (const [i, state] of told.entries()) {
        if (state.state === 'ready') expect(told[i - 1]?.state).toBe('downloading');
      }
      updates.stop();
    }),
    { numRuns: 200 },
  );
});
