import type { DesktopState, UpdateState, UpdateStep } from '../../shared/desktop.ts';
import { describeError, EarshotError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { createCheckSchedule } from './updates-schedule.ts';

/** As much of an updater as is asked for. */
export interface UpdaterLike {
  /** @returns the version that is newer than the running one, or null */
  check(): Promise<string | null>;
  /** Fetches what `check` found, and verifies it. @param onPercent is told how far it is, 0 to 100 */
  download(onPercent: (percent: number) => void): Promise<void>;
  /**
   * Ends the app in good order, installs what was downloaded and starts it. Settles only where the app goes on: resolves
   * when it may not end, rejects when the system can't install.
   * @param mayEnd is asked in the very moment before the app is ended, which may be a minute after the call
   */
  install(mayEnd: () => boolean): Promise<void>;
}

/** What decides whether updates are looked for at all. */
export interface BuildFacts {
  packaged: boolean;
  /** Signed by its makers: what the release has written into the package. */
  signed: boolean;
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
}

export interface UpdatesOptions extends BuildFacts {
  log: Log;
  /** Whether a turn is open. */
  isBusy(): boolean;
  onChange(update: UpdateState): void;
  /** Default: electron-updater, which is loaded at the first check and never where updates are not possible. */
  loadUpdater?: () => Promise<UpdaterLike>;
}

export interface Updates {
  readonly whyNot: DesktopState['why_no_updates'];
  /**
   * On: looks for a newer version now, once a day, and some minutes after a failure; during a turn it waits for the turn's
   * end. Off: all of that no more. Resolves after the first look. Never rejects: what fails becomes the state.
   */
  watch(on: boolean): Promise<void>;
  /**
   * Does the next step, without waiting for its end: the state tells of that. After a failure `download` tries again.
   * @throws {EarshotError} `update_busy` during a turn, `no_update` where there is nothing for this step to do
   */
  step(step: UpdateStep): Promise<void>;
  stop(): void;
}

/**
 * Why this build does not look for updates; null: it does. On Linux only an AppImage can be replaced by its user: a .deb
 * belongs to the package manager, an unpacked archive to whoever unpacked it. Pure.
 */
export function whyNoUpdates({ packaged, signed, platform, env }: BuildFacts): DesktopState['why_no_updates'] {
  if (!packaged) return 'not_packaged';
  if (platform !== 'darwin' && platform !== 'win32' && !(platform === 'linux' && env.APPIMAGE)) return 'unsupported';
  return signed ? null : 'not_signed';
}

/** Newer versions, step by step and each step on a person's word. */
export function createUpdates(options: UpdatesOptions): Updates {
  const { log, isBusy, onChange, loadUpdater = loadElectronUpdater } = options;
  const whyNot = whyNoUpdates(options);
  let state: UpdateState = { state: 'none' };
  /** The newer version that was found last. */
  let found: string | null = null;
  let loading: Promise<UpdaterLike> | null = null;
  let stopped = false;

  function change(next: UpdateState): void {
    if (stopped) return;
    state = next;
    onChange(next);
  }

  function warn(what: UpdateStep | 'check', error: unknown): void {
    log('WARNING', { type: 'update_failed', step: what, detail: withoutAddresses(error) });
  }

  function fail(what: UpdateStep | 'check', error: unknown, message: string): void {
    warn(what, error);
    change({ state: 'failed', message });
  }

  function updater(): Promise<UpdaterLike> {
    loading ??= loadUpdater().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  }

  /** What is on its way already is not asked for again. */
  const underWay = () => state.state === 'downloading' || state.state === 'ready' || state.state === 'installing';

  async function look(): Promise<boolean> {
    if (underWay()) return true;
    try {
      const version = await (await updater()).check();
      if (underWay()) return true;
      found = version;
      change(version === null ? { state: 'none' } : { state: 'available', version });
      return true;
    } catch (error) {
      const message = 'Earshot could not look for a newer version. Check the network, then try again.';
      // What was found before can be had all the same.
      if (found === null) fail('check', error, message);
      else warn('check', error);
      return false;
    }
  }

  const schedule = createCheckSchedule({ isBusy, look });

  async function download(version: string): Promise<void> {
    change({ state: 'downloading', version, percent: 0 });
    try {
      const tool = await updater();
      await tool.download((percent) => {
        const whole = Math.floor(Math.min(100, Math.max(0, percent)));
        // A download tells many times a second; a window draws whole percents.
        if (state.state !== 'downloading' || !(whole > state.percent)) return;
        change({ state: 'downloading', version, percent: whole });
      });
      change({ state: 'ready', version });
    } catch (error) {
      fail(
        'download',
        error,
        `Earshot ${version} could not be downloaded. Check the network and the disk, then try again.`,
      );
    }
  }

  async function install(version: string): Promise<void> {
    change({ state: 'installing', version });
    try {
      await (await updater()).install(() => !stopped && !isBusy());
      change({ state: 'ready', version, held: true });
    } catch (error) {
      const message = `Earshot ${version} could not be installed. Try again, or install it from its download page.`;
      fail('install', error, message);
    }
  }

  async function step(next: UpdateStep): Promise<void> {
    if (whyNot === null && isBusy()) {
      throw new EarshotError('update_busy', 'Earshot is listening. Stop the mic, then go on with the update.');
    }
    if (next === 'install' && state.state === 'ready') return void install(state.version);
    // Another window's click on the same button.
    if (next === 'install' && state.state === 'installing') return;
    if (next === 'download') {
      if (state.state === 'available') return void download(state.version);
      if (state.state === 'failed') return found === null ? schedule.look() : void download(found);
    }
    throw new EarshotError('no_update', 'There is no update that is ready for this. Look at the settings again.');
  }

  return {
    whyNot,
    async watch(on) {
      if (whyNot === null && !stopped) await schedule.watch(on);
    },
    step,
    stop() {
      stopped = true;
      void schedule.watch(false);
    },
  };
}

async function loadElectronUpdater(): Promise<UpdaterLike> {
  const { electronUpdater } = await import('./updater.ts');
  return electronUpdater();
}

/** The first line of an error. The address of a release's file holds a signature for as long as it serves, so none is told. */
function withoutAddresses(error: unknown): string {
  return (describeError(error).split('\n', 1)[0] ?? '').replace(/\b[a-z]+:\/\/\S+/gi, '(address)');
}
