import type { DesktopState, UpdateState, UpdateStep } from '../../shared/desktop.ts';
import { describeError, EarshotError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { text } from '../text/text.ts';
import { createCheckSchedule } from './updates-schedule.ts';

/** The part of an updater that is used here. */
export interface UpdaterLike {
  /** @returns the version of an available update, or null if there is none newer than the running version */
  check(): Promise<string | null>;
  /** Downloads and verifies the version that `check` found. @param onPercent called with the progress, 0 to 100 */
  download(onPercent: (percent: number) => void): Promise<void>;
  /**
   * Quits the app, installs the downloaded version and starts it. Settles only if the app keeps running: resolves if
   * `mayQuit` returns false, rejects if the system can't install.
   * @param mayQuit called immediately before the app quits, which may be a minute after the call of `install`
   */
  install(mayQuit: () => boolean): Promise<void>;
}

/** Properties of the build that decide whether it checks for updates. */
export interface BuildFacts {
  packaged: boolean;
  /** From the package's metadata (`readPackageMetadata`). */
  signed: boolean;
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
}

export interface UpdatesOptions extends BuildFacts {
  log: Log;
  /** Whether a turn is open. */
  isBusy(): boolean;
  onChange(update: UpdateState): void;
  /** Default: electron-updater, loaded at the first check. */
  loadUpdater?: () => Promise<UpdaterLike>;
}

export interface Updates {
  readonly disabledReason: DesktopState['why_no_updates'];
  /**
   * On: checks now, then once a day, and 5 min after a failure; a check that is due during a turn is delayed. Off: no
   * more checks. Resolves after the first check. Never rejects: a failure is reported in the state.
   */
  watch(on: boolean): Promise<void>;
  /**
   * Starts the next step. The state reports its progress and result. After a failure `download` retries.
   * @throws {EarshotError} `update_busy` during a turn, `no_update` if the step is not possible in the current state
   */
  step(step: UpdateStep): Promise<void>;
  stop(): void;
}

/**
 * Why this build does not check for updates; null: it does. On Linux only an AppImage can update itself: a .deb is
 * updated by the package manager, an unpacked archive by the user. Pure.
 */
export function whyNoUpdates({ packaged, signed, platform, env }: BuildFacts): DesktopState['why_no_updates'] {
  if (!packaged) return 'not_packaged';
  if (platform !== 'darwin' && platform !== 'win32' && !(platform === 'linux' && env.APPIMAGE)) return 'unsupported';
  return signed ? null : 'not_signed';
}

/** Updates in steps (check, download, install); the user starts each download and install. */
export function createUpdates(options: UpdatesOptions): Updates {
  const { log, isBusy, onChange, loadUpdater = loadElectronUpdater } = options;
  const disabledReason = whyNoUpdates(options);
  let state: UpdateState = { state: 'none' };
  /** The version found by the latest check; null: none. */
  let availableVersion: string | null = null;
  let loading: Promise<UpdaterLike> | null = null;
  let stopped = false;

  function change(next: UpdateState): void {
    if (stopped) return;
    state = next;
    onChange(next);
  }

  function warn(step: UpdateStep | 'check', error: unknown): void {
    log('WARNING', { type: 'update_failed', step, detail: withoutAddresses(error) });
  }

  function fail(step: UpdateStep | 'check', error: unknown, message: string): void {
    warn(step, error);
    change({ state: 'failed', message });
  }

  function updater(): Promise<UpdaterLike> {
    loading ??= loadUpdater().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  }

  /** Whether a download or install makes a check unnecessary. */
  const inProgress = () => state.state === 'downloading' || state.state === 'ready' || state.state === 'installing';

  async function check(): Promise<boolean> {
    if (inProgress()) return true;
    try {
      const version = await (await updater()).check();
      if (inProgress()) return true;
      availableVersion = version;
      change(version === null ? { state: 'none' } : { state: 'available', version });
      return true;
    } catch (error) {
      // A version found earlier can still be downloaded.
      if (availableVersion === null) fail('check', error, text.updates.checkFailed);
      else warn('check', error);
      return false;
    }
  }

  const schedule = createCheckSchedule({ isBusy, check });

  async function download(version: string): Promise<void> {
    change({ state: 'downloading', version, percent: 0 });
    try {
      const loaded = await updater();
      await loaded.download((progress) => {
        const percent = Math.floor(Math.min(100, Math.max(0, progress)));
        // Progress comes many times a second; windows show whole percents.
        if (state.state !== 'downloading' || !(percent > state.percent)) return;
        change({ state: 'downloading', version, percent });
      });
      change({ state: 'ready', version });
    } catch (error) {
      fail('download', error, text.updates.downloadFailed({ version }));
    }
  }

  async function install(version: string): Promise<void> {
    change({ state: 'installing', version });
    try {
      await (await updater()).install(() => !stopped && !isBusy());
      change({ state: 'ready', version, held: true });
    } catch (error) {
      fail('install', error, text.updates.installFailed({ version }));
    }
  }

  async function step(next: UpdateStep): Promise<void> {
    if (disabledReason === null && isBusy()) {
      throw new EarshotError('update_busy', text.updates.busy);
    }
    if (next === 'install' && state.state === 'ready') return void install(state.version);
    // A click in another window has already started it.
    if (next === 'install' && state.state === 'installing') return;
    if (next === 'download') {
      if (state.state === 'available') return void download(state.version);
      if (state.state === 'failed')
        return availableVersion === null ? schedule.checkNow() : void download(availableVersion);
    }
    throw new EarshotError('no_update', text.updates.nothingToDo);
  }

  return {
    disabledReason,
    async watch(on) {
      if (disabledReason === null && !stopped) await schedule.watch(on);
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

/** The first line of an error, with addresses removed: download addresses contain a signature that grants access. */
function withoutAddresses(error: unknown): string {
  return (describeError(error).split('\n', 1)[0] ?? '').replace(/\b[a-z]+:\/\/\S+/gi, '(address)');
}
