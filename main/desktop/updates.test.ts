import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UpdateState } from '../../shared/desktop.ts';
import { type BuildFacts, createUpdates, type UpdaterLike, whyNoUpdates } from './updates.ts';
import { BUSY_DELAY_MS, CHECK_EVERY_MS } from './updates-schedule.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const RELEASE: BuildFacts = { packaged: true, signed: true, platform: 'win32', env: {} };

/** An updater whose results the test controls. */
class FakeUpdater implements UpdaterLike {
  checks = 0;
  downloads = 0;
  installs = 0;
  /** Results of `check` and `download`. */
  check = async (): Promise<string | null> => {
    this.checks++;
    return this.newest();
  };
  newest: () => string | null | Promise<string | null> = () => '2.0.0';
  fetch: (onPercent: (percent: number) => void) => Promise<void> = async () => {};
  /** The system has verified the update: it ends the app if allowed. */
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
  const states: UpdateState[] = [];
  const log = vi.fn();
  const activity = { busy: false };
  const loadUpdater = vi.fn(async (): Promise<UpdaterLike> => updater);
  const updates = createUpdates({
    ...RELEASE,
    ...facts,
    log,
    isBusy: () => activity.busy,
    onChange: (state) => states.push(UpdateState.parse(state)),
    loadUpdater,
  });
  return { updates, updater, states, log, activity, loadUpdater };
}

/** Runs everything that does not wait for a timer. */
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
  expect(all.states.at(-1)).toEqual({ state: 'ready', version: '2.0.0' });
  return all;
}

describe('why updates are off', () => {
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
    expect(rig({ platform, env: { APPIMAGE }, packaged, signed }).updates.disabledReason).toBe(why);
  });

  test.each([{ packaged: false }, { signed: false }, { platform: 'linux' as const }])(
    'with %o the updater is never loaded and every step is refused',
    async (facts) => {
      const { updates, loadUpdater, states } = rig(facts);
      await updates.watch(true);
      await expect(updates.step('download')).rejects.toEqual(code('no_update'));
      await expect(updates.step('install')).rejects.toEqual(code('no_update'));
      expect(loadUpdater).not.toHaveBeenCalled();
      expect(states).toEqual([]);
    },
  );
});

describe('a check', () => {
  test('reports a newer version and downloads nothing', async () => {
    const { updates, updater, states } = rig();
    await updates.watch(true);
    expect(states).toEqual([{ state: 'available', version: '2.0.0' }]);
    expect(updater.downloads).toBe(0);
  });

  test('reports that there is none', async () => {
    const { updates, updater, states } = rig();
    updater.newest = () => null;
    await updates.watch(true);
    expect(states).toEqual([{ state: 'none' }]);
  });

  test('waits for the end of a turn, and does not load the updater before', async () => {
    const { updates, updater, loadUpdater, activity, states } = rig();
    activity.busy = true;
    await updates.watch(true);
    await vi.advanceTimersByTimeAsync(10 * BUSY_DELAY_MS);
    expect(loadUpdater).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(1);
    activity.busy = false;
    await vi.advanceTimersByTimeAsync(BUSY_DELAY_MS);
    expect(updater.checks).toBe(1);
    expect(states).toEqual([{ state: 'available', version: '2.0.0' }]);
  });

  test('requested twice at the same time runs once', async () => {
    const { updates, updater, loadUpdater } = rig();
    await Promise.all([updates.watch(true), updates.watch(true)]);
    expect([updater.checks, loadUpdater.mock.calls.length]).toEqual([1, 1]);
    await updates.watch(true);
    expect([updater.checks, loadUpdater.mock.calls.length]).toEqual([2, 1]);
  });

  test('that fails is reported with a sentence, and logged without an address', async () => {
    const { updates, updater, states, log } = rig();
    updater.newest = () => {
      throw new Error('404 "method: GET url: https://host.example/file?X-Amz-Signature=abc"\nHeaders: {}');
    };
    await updates.watch(true);
    expect(states).toEqual([{ state: 'failed', message: expect.stringMatching(/^Earshot could not .* try again\.$/) }]);
    expect(log).toHaveBeenCalledExactlyOnceWith('WARNING', {
      type: 'update_failed',
      step: 'check',
      detail: '404 "method: GET url: (address)',
    });
  });

  test('that fails does not discard an update that was found before', async () => {
    const { updates, updater, states, log } = rig();
    await updates.watch(true);
    updater.newest = () => Promise.reject(new Error('offline'));
    await vi.advanceTimersByTimeAsync(CHECK_EVERY_MS);
    expect(updater.checks).toBe(2);
    expect(log).toHaveBeenCalledWith('WARNING', expect.objectContaining({ step: 'check' }));
    expect(states).toEqual([{ state: 'available', version: '2.0.0' }]);
  });

  test('that failed can be repeated manually, also while automatic checks are off', async () => {
    const { updates, updater, states } = rig();
    const online = updater.newest;
    updater.newest = () => Promise.reject(new Error('offline'));
    await updates.watch(true);
    await updates.watch(false);
    updater.newest = online;
    await updates.step('download');
    expect(states.at(-1)).toEqual({ state: 'available', version: '2.0.0' });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('whose updater could not be loaded loads it again at the next check', async () => {
    const { updates, loadUpdater, states } = rig();
    loadUpdater.mockRejectedValueOnce(new Error('broken archive'));
    await updates.watch(true);
    await updates.step('download');
    expect(states.map(({ state }) => state)).toEqual(['failed', 'available']);
  });

  test('does not affect a download or a ready update', async () => {
    const { updates, updater, states } = await readyRig();
    await updates.watch(true);
    expect(updater.checks).toBe(1);
    expect(states.at(-1)).toEqual({ state: 'ready', version: '2.0.0' });
  });

  test('whose result arrives after the download has started is ignored', async () => {
    const { updates, updater, states } = rig();
    await updates.watch(true);
    const late = gate();
    updater.newest = () => late.opened.then(() => null);
    const second = updates.watch(true);
    await settle();
    updater.fetch = () => new Promise(() => {});
    await updates.step('download');
    late.open();
    await second;
    expect(states.at(-1)).toEqual({ state: 'downloading', version: '2.0.0', percent: 0 });
  });
});

describe('a step', () => {
  test('is refused during a turn in every state', async () => {
    const { updates, updater, activity } = await readyRig();
    activity.busy = true;
    await expect(updates.step('install')).rejects.toEqual(code('update_busy'));
    await expect(updates.step('download')).rejects.toEqual(code('update_busy'));
    expect(updater.installs).toBe(0);
    activity.busy = false;
    await updates.step('install');
    await settle();
    expect(updater.installs).toBe(1);
  });

  test('without an update is refused: nothing is installed that was not downloaded', async () => {
    const { updates, updater } = rig();
    await expect(updates.step('download')).rejects.toEqual(code('no_update'));
    await updates.watch(true);
    await expect(updates.step('install')).rejects.toEqual(code('no_update'));
    expect([updater.downloads, updater.installs]).toEqual([0, 0]);
  });

  test('to download is answered immediately and reports whole, increasing percentages', async () => {
    const { updates, updater, states } = rig();
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
    expect(states.slice(1)).toEqual([
      ...[0, 1, 50, 100].map((percent) => ({ state: 'downloading', version: '2.0.0', percent })),
      { state: 'ready', version: '2.0.0' },
    ]);
    expect(updater.downloads).toBe(1);
  });

  test('to download after a failed one downloads the same version again', async () => {
    const { updates, updater, states, log } = rig();
    updater.fetch = () => Promise.reject(new Error('sha512 checksum mismatch'));
    await updates.watch(true);
    await updates.step('download');
    await settle();
    expect(states.at(-1)).toEqual({ state: 'failed', message: expect.stringContaining('2.0.0') });
    expect(log).toHaveBeenCalledWith('WARNING', expect.objectContaining({ step: 'download' }));
    updater.fetch = async () => {};
    await updates.step('download');
    await settle();
    expect(states.at(-1)).toEqual({ state: 'ready', version: '2.0.0' });
    expect(updater.checks).toBe(1);
  });

  test('to install starts the installer once, and reports a failure', async () => {
    const { updates, updater, states } = await readyRig();
    await Promise.all([updates.step('install'), updates.step('install')]);
    expect(updater.installs).toBe(1);
    updater.onInstallError(new Error('Could not get code signature'));
    await settle();
    expect(states.at(-1)).toEqual({ state: 'failed', message: expect.stringContaining('could not be installed') });
    await updates.step('download');
    await settle();
    await updates.step('install');
    await settle();
    expect(updater.installs).toBe(2);
  });

  test('to install is answered immediately, and other steps are refused until the system has finished', async () => {
    const { updates, updater, states } = await readyRig();
    await updates.step('install');
    expect(states.at(-1)).toEqual({ state: 'installing', version: '2.0.0' });
    await settle();
    await expect(updates.step('download')).rejects.toEqual(code('no_update'));
    await updates.watch(true);
    expect(updater.checks).toBe(1);
    updater.onVerified();
    expect(updater.ended).toBe(1);
  });

  test('to install does not end a turn that began after the click, and can be repeated afterwards', async () => {
    const { updates, updater, states, activity } = await readyRig();
    await updates.step('install');
    await settle();
    activity.busy = true;
    updater.onVerified();
    await settle();
    expect(updater.ended).toBe(0);
    expect(states.at(-1)).toEqual({ state: 'ready', version: '2.0.0', held: true });
    activity.busy = false;
    await updates.step('install');
    await settle();
    updater.onVerified();
    expect([updater.installs, updater.ended]).toEqual([2, 1]);
  });

  test('to install does not restart an app that the user quits in the meantime', async () => {
    const { updates, updater } = await readyRig();
    await updates.step('install');
    await settle();
    updates.stop();
    updater.onVerified();
    expect(updater.ended).toBe(0);
  });
});

test('after stop nothing is reported, checked or scheduled', async () => {
  const { updates, updater, states, activity } = rig();
  activity.busy = true;
  await updates.watch(true);
  updates.stop();
  expect(vi.getTimerCount()).toBe(0);
  activity.busy = false;
  await updates.watch(true);
  await vi.advanceTimersByTimeAsync(CHECK_EVERY_MS);
  expect([updater.checks, states]).toEqual([0, []]);
});

test('property: nothing is downloaded or installed without a request or during a turn, and every state is valid', async () => {
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
      const { updates, updater, activity, states } = rig();
      const requested = { download: 0, install: 0 };
      const online = updater.newest;
      for (const one of acts) {
        const before = [updater.checks, updater.downloads, updater.installs, updater.ended];
        if (one === 'on' || one === 'off') await updates.watch(one === 'on');
        else if (one === 'verified') updater.onVerified();
        else if (one === 'day') await vi.advanceTimersByTimeAsync(CHECK_EVERY_MS);
        else if (one === 'minute') await vi.advanceTimersByTimeAsync(BUSY_DELAY_MS);
        else if (one === 'turn' || one === 'end of turn') activity.busy = one === 'turn';
        else if (one === 'offline' || one === 'online') {
          updater.newest = one === 'online' ? online : () => Promise.reject(new Error('offline'));
        } else {
          requested[one]++;
          await updates.step(one).catch(() => {});
        }
        await settle();
        const after = [updater.checks, updater.downloads, updater.installs, updater.ended];
        if (activity.busy) expect(after).toEqual(before);
        expect(updater.downloads).toBeLessThanOrEqual(requested.download);
        expect(updater.installs).toBeLessThanOrEqual(requested.install);
        expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
      }
      for (const [i, state] of states.entries()) {
        if (state.state === 'ready') expect(states[i - 1]?.state).toBe(state.held ? 'installing' : 'downloading');
        if (state.state === 'installing') expect(states[i - 1]?.state).toBe('ready');
      }
      updates.stop();
    }),
    { numRuns: 200 },
  );
});
