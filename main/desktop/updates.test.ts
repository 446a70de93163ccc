import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UpdateState } from '../../shared/desktop.ts';
import { type BuildFacts, createUpdates, type UpdaterLike, whyNoUpdates } from './updates.ts';
import { CHECK_EVERY_MS, CHECK_WAIT_MS } from './updates-schedule.ts';

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
  /** What the system says once it has the update: it ends the app if it may, or it can't install it. */
  onVerified: () => void = () => {};
  onInstallError: (error: unknown) => void = () => {};
  ended = 0;

  download(onPercent: (percent: number) => void): Promise<void> {
    this.downloads++;
    return this.fetch(onPercent);
  }
  install(mayEnd: () => boolean): Promise<void> {
    this.installs++;
    return new Promise((resolve, reject) => {
      this.onInstallError = reject;
      this.onVerified = () => {
        if (mayEnd()) this.ended++;
        else resolve();
      };
    });
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
  await all.updates.watch(true);
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
      await updates.watch(true);
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
    await updates.watch(true);
    expect(told).toEqual([{ state: 'available', version: '2.0.0' }]);
    expect(updater.downloads).toBe(0);
  });

  test('tells that there is none', async () => {
    const { updates, updater, told } = rig();
    updater.newest = () => null;
    await updates.watch(true);
    expect(told).toEqual([{ state: 'none' }]);
  });

  test('that finds a turn waits for its end, and the updater is not even loaded before', async () => {
    const { updates, updater, loadUpdater, world, told } = rig();
    world.busy = true;
    await updates.watch(true);
    await vi.advanceTimersByTimeAsync(10 * CHECK_WAIT_MS);
    expect(loadUpdater).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(1);
    world.busy = false;
    await vi.advanceTimersByTimeAsync(CHECK_WAIT_MS);
    expect(updater.checks).toBe(1);
    expect(told).toEqual([{ state: 'available', version: '2.0.0' }]);
  });

  test('asked for twice at once is one', async () => {
    const { updates, updater, loadUpdater } = rig();
    await Promise.all([updates.watch(true), updates.watch(true)]);
    expect([updater.checks, loadUpdater.mock.calls.length]).toEqual([1, 1]);
    await updates.watch(true);
    expect([updater.checks, loadUpdater.mock.calls.length]).toEqual([2, 1]);
  });

  test('that fails is told in a sentence, and in the log without an address', async () => {
    const { updates, updater, told, log } = rig();
    updater.newest = () => {
      throw new Error('404 "method: GET url: https://host.example/file?X-Amz-Signature=abc"\nHeaders: {}');
    };
    await updates.watch(true);
    expect(told).toEqual([{ state: 'failed', message: expect.stringMatching(/^Earshot could not .* try again\.$/) }]);
    expect(log).toHaveBeenCalledExactlyOnceWith('WARNING', {
      type: 'update_failed',
      step: 'check',
      detail: '404 "method: GET url: (address)',
    });
  });

  test('that fails takes nothing away that was found before', async () => {
    const { updates, updater, told, log } = rig();
    await updates.watch(true);
    updater.newest = () => Promise.reject(new Error('offline'));
    await vi.advanceTimersByTimeAsync(CHECK_EVERY_MS);
    expect(updater.checks).toBe(2);
    expect(log).toHaveBeenCalledWith('WARNING', expect.objectContaining({ step: 'check' }));
    expect(told).toEqual([{ state: 'available', version: '2.0.0' }]);
  });

  test('that failed can be made again by hand, also where no more are wanted', async () => {
    const { updates, updater, told } = rig();
    const online = updater.newest;
    updater.newest = () => Promise.reject(new Error('offline'));
    await updates.watch(true);
    await updates.watch(false);
    updater.newest = online;
    await updates.step('download');
    expect(told.at(-1)).toEqual({ state: 'available', version: '2.0.0' });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('whose updater could not be loaded loads it again at the next try', async () => {
    const { updates, loadUpdater, told } = rig();
    loadUpdater.mockRejectedValueOnce(new Error('broken archive'));
    await updates.watch(true);
    await updates.step('download');
    expect(told.map(({ state }) => state)).toEqual(['failed', 'available']);
  });

  test('does not disturb a download or what is ready', async () => {
    const { updates, updater, told } = await readyRig();
    await updates.watch(true);
    expect(updater.checks).toBe(1);
    expect(told.at(-1)).toEqual({ state: 'ready', version: '2.0.0' });
  });

  test('whose answer comes after the download has begun changes nothing', async () => {
    const { updates, updater, told } = rig();
    await updates.watch(true);
    const late = gate();
    updater.newest = () => late.opened.then(() => null);
    const second = updates.watch(true);
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
    await updates.watch(true);
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
    await updates.watch(true);
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
    await updates.watch(true);
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
    await settle();
    expect(told.at(-1)).toEqual({ state: 'failed', message: expect.stringContaining('could not be installed') });
    await updates.step('download');
    await settle();
    await updates.step('install');
    await settle();
    expect(updater.installs).toBe(2);
  });

  test('to install is answered at once, and nothing else can be done until the system is through', async () => {
    const { updates, updater, told } = await readyRig();
    await updates.step('install');
    expect(told.at(-1)).toEqual({ state: 'installing', version: '2.0.0' });
    await settle();
    await expect(updates.step('download')).rejects.toEqual(code('no_update'));
    await updates.watch(true);
    expect(updater.checks).toBe(1);
    updater.onVerified();
    expect(updater.ended).toBe(1);
  });

  test('to install never cuts a turn that began after the click, and can be made again after it', async () => {
    const { updates, updater, told, world } = await readyRig();
    await updates.step('install');
    await settle();
    world.busy = true;
    updater.onVerified();
    await settle();
    expect(updater.ended).toBe(0);
    expect(told.at(-1)).toEqual({ state: 'ready', version: '2.0.0', held: true });
    world.busy = false;
    await updates.step('install');
    await settle();
    updater.onVerified();
    expect([updater.installs, updater.ended]).toEqual([2, 1]);
  });

  test('to install does not start the app again that is quit meanwhile', async () => {
    const { updates, updater } = await readyRig();
    await updates.step('install');
    await settle();
    updates.stop();
    updater.onVerified();
    expect(updater.ended).toBe(0);
  });
});

test('after stop nothing is told, checked or timed', async () => {
  const { updates, updater, told, world } = rig();
  world.busy = true;
  await updates.watch(true);
  updates.stop();
  expect(vi.getTimerCount()).toBe(0);
  world.busy = false;
  await updates.watch(true);
  await vi.advanceTimersByTimeAsync(CHECK_EVERY_MS);
  expect([updater.checks, told]).toEqual([0, []]);
});

test('property: nothing is fetched or installed without a word, none of it in a turn, and every state is one of the contract', async () => {
  const act = fc.constantFrom(
    ...([
      'on',
      'off',
      'download',
      'install',
      'verified',
      'turn',
      'end of turn',
      'minute',
      'day',
      'offline',
      'online',
    ] as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
      const { updates, updater, world, told } = rig();
      const wanted = { download: 0, install: 0 };
      const online = updater.newest;
      for (const one of acts) {
        const before = [updater.checks, updater.downloads, updater.installs, updater.ended];
        if (one === 'on' || one === 'off') await updates.watch(one === 'on');
        else if (one === 'verified') updater.onVerified();
        else if (one === 'day') await vi.advanceTimersByTimeAsync(CHECK_EVERY_MS);
        else if (one === 'minute') await vi.advanceTimersByTimeAsync(CHECK_WAIT_MS);
        else if (one === 'turn' || one === 'end of turn') world.busy = one === 'turn';
        else if (one === 'offline' || one === 'online') {
          updater.newest = one === 'online' ? online : () => Promise.reject(new Error('offline'));
        } else {
          wanted[one]++;
          await updates.step(one).catch(() => {});
        }
        await settle();
        const after = [updater.checks, updater.downloads, updater.installs, updater.ended];
        if (world.busy) expect(after).toEqual(before);
        expect(updater.downloads).toBeLessThanOrEqual(wanted.download);
        expect(updater.installs).toBeLessThanOrEqual(wanted.install);
        expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
      }
      for (const [i, state] of told.entries()) {
        if (state.state === 'ready') expect(told[i - 1]?.state).toBe(state.held ? 'installing' : 'downloading');
        if (state.state === 'installing') expect(told[i - 1]?.state).toBe('ready');
      }
      updates.stop();
    }),
    { numRuns: 200 },
  );
});
