import type { Unsubscribe } from '../../shared/bridge.ts';
import type { Log } from '../../shared/log-event.ts';
import type { AudioProcessing } from './audio-processing.ts';
import { createChangeLimit } from './change-limit.ts';
import {
  chooseMicrophone,
  type MicrophoneChoice,
  type Microphones,
  readMicrophones,
  renewedChoice,
  type TargetDevice,
  withActualLabel,
} from './choose-microphone.ts';
import { FrameJoiner } from './frame-joiner.ts';
import type { Microphone, MicrophoneEvents, MicrophoneInfo, OpenDevice } from './microphone.ts';
import { MicrophoneReport } from './microphone-report.ts';
import { OPEN_RETRY_DELAYS_MS, type OpenedDevice, openWithRetry, REOPEN_RETRY_DELAYS_MS } from './open-with-retry.ts';

/** Interval (ms) at which the device list is read while listening. Not every system fires `devicechange`. */
const POLL_INTERVAL_MS = 1_000;
/**
 * Pause (ms) during a change between two live microphones that does not count as a gap, since frames arrive in batches.
 */
const SEAMLESS_MS = 150;
/**
 * Time (ms) without any device after which the state becomes `stalled`; as long as for a device that delivers nothing.
 */
const NO_DEVICE_AFTER_MS = 500;

export interface FollowerOptions {
  choice: MicrophoneChoice;
  /** Calls `listener` when the user chooses another microphone. */
  watchChoice?: (listener: (choice: MicrophoneChoice) => void) => Unsubscribe;
  /** As in `MicrophoneOptions`. */
  channel?: number;
  processing?: AudioProcessing;
  log: Log;
  events: MicrophoneEvents;
  /** Label of the system's default microphone according to the host; empty: not known. */
  hostDefault: () => Promise<string>;
  /** Restarts the browser's audio process. False: this shell can't. */
  restartAudio: () => Promise<boolean>;
  /** A device delivers sound. */
  onOpened?: (info: MicrophoneInfo) => void;
  /** The chosen microphone has a new id, or its label is now known: save it. */
  onRenewed: (choice: MicrophoneChoice) => void;
  /** Default: the browser's. */
  media?: MediaDevices | undefined;
  openDevice: OpenDevice;
  /** Monotonic clock, in ms. Default: `performance.now()`. */
  now?: () => number;
}

/**
 * Opens a microphone that follows devices: it uses the chosen device, otherwise the system's default, and returns to
 * the chosen one when it is back. No sound is lost between two live devices: the new one is started before the old one
 * is stopped. Fulfils the contract of `Microphone`; `onEnded` is called when no device can be opened any more.
 */
export function followMicrophone(options: FollowerOptions): Microphone {
  return new MicrophoneFollower(options);
}

class MicrophoneFollower implements Microphone {
  readonly ready: Promise<MicrophoneInfo>;
  readonly #options: FollowerOptions;
  readonly #openDevice: OpenDevice;
  readonly #media: MediaDevices | undefined;
  #choice: MicrophoneChoice;
  /** The device whose audio is delivered. */
  #active: Microphone | null = null;
  /** Every device that is open or being opened. */
  readonly #open = new Set<Microphone>();
  #device: TargetDevice = { deviceId: '', label: '', insteadOf: '' };
  readonly #report: MicrophoneReport;
  #defaultKey: string | null = null;
  readonly #joiner: FrameJoiner;
  /** A device is being opened to replace another. */
  #changing = false;
  /** The active device was disconnected meanwhile. */
  #lost = false;
  /** There has been no device for `NOTHING_AFTER_MS`. */
  #hasNoDevice = false;
  /** Id under which the chosen device was seen once; it is opened when it is seen again. */
  #returningId = '';
  /** Counts a change of device, or returns false if there were too many. */
  readonly #mayChange: () => boolean;
  #stopped: Promise<void> | null = null;
  #endReported = false;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #cancelPause: (() => void) | null = null;
  #checking = false;
  /** The user has chosen another microphone, which is not in use yet. */
  #choiceChanged = false;
  /** Id of a chosen device that could not be opened; it is tried again after it was away or is chosen again. */
  #failedId: string | null = null;
  readonly #unwatchChoice: Unsubscribe | undefined;
  readonly #onListChange = () => void this.#checkDevices();

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#choice = options.choice;
    this.#openDevice = options.openDevice;
    const { events, now = () => performance.now() } = options;
    this.#joiner = new FrameJoiner(events.onFrame, (ms) => events.onGap(ms, 'changed'), now);
    this.#report = new MicrophoneReport(events.onState);
    this.#mayChange = createChangeLimit(now);
    this.#media = 'media' in options ? options.media : globalThis.navigator?.mediaDevices;
    this.#unwatchChoice = options.watchChoice?.((choice) => this.#onChoice(choice));
    this.ready = this.#start();
    this.ready.catch(() => {});
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown();
    return this.#stopped;
  }

  async #shutDown(): Promise<void> {
    clearInterval(this.#ticker);
    this.#unwatchChoice?.();
    this.#media?.removeEventListener('devicechange', this.#onListChange);
    this.#cancelPause?.();
    await Promise.all([...this.#open].map((microphone) => microphone.stop()));
  }

  async #start(): Promise<MicrophoneInfo> {
    const { info, target } = await this.#openWithRetry(OPEN_RETRY_DELAYS_MS, true);
    this.#ticker = setInterval(() => void this.#checkDevices(), POLL_INTERVAL_MS);
    this.#media?.addEventListener('devicechange', this.#onListChange);
    const list = await this.#readDevices();
    if (this.#stopped) return info;
    this.#defaultKey = list.readable ? list.defaultKey : null;
    this.#onDeviceChange(withActualLabel(target, info.label, list), 'none');
    return info;
  }

  #onChoice(choice: MicrophoneChoice): void {
    if (choice.id === this.#choice.id && choice.label === this.#choice.label) return;
    this.#choice = choice;
    this.#choiceChanged = true;
    // If a device is being opened, the next check of the list follows the choice.
    if (this.#ticker !== undefined) void this.#checkDevices();
  }

  #openWithRetry(delays: readonly number[], atPress: boolean): Promise<OpenedDevice> {
    return openWithRetry({
      delays,
      atPress,
      choice: this.#choice,
      readDevices: () => this.#readDevices(),
      restartAudio: this.#options.restartAudio,
      open: (target) => {
        const microphone = this.#openOne(target.deviceId);
        this.#active = microphone;
        this.#device = target;
        return microphone;
      },
      onFailed: (microphone) => void this.#open.delete(microphone),
      pause: (ms) => this.#pause(ms),
      isStopped: () => this.#stopped !== null,
    });
  }

  #openOne(deviceId: string): Microphone {
    const microphone: Microphone = this.#openDevice({
      deviceId,
      channel: this.#options.channel ?? 0,
      ...(this.#options.processing && { processing: this.#options.processing }),
      media: this.#media,
      events: {
        ...this.#options.events,
        onFrame: (pcm) => {
          const isLate = this.#report.isStalled(microphone);
          if (this.#active === microphone) this.#joiner.push(pcm, this.#stopped !== null, isLate);
        },
        onState: (state) => {
          this.#report.set(microphone, state);
          this.#reportState();
        },
        onGap: (ms, why) => {
          if (this.#active !== microphone) return;
          this.#joiner.gap(ms);
          this.#options.events.onGap(ms, why);
        },
        onEnded: () => this.#active === microphone && void this.#replaceLost(),
      },
    });
    this.#open.add(microphone);
    microphone.ready.then(
      (info) => this.#options.onOpened?.(info),
      () => {},
    );
    return microphone;
  }

  /** Replaces a disconnected device. The time until the next one delivers audio becomes a gap. */
  async #replaceLost(): Promise<void> {
    this.#lost = true;
    if (this.#changing || this.#stopped || this.#endReported) return;
    if (!this.#mayChange()) return this.#reportEnded();
    this.#changing = true;
    const disconnected = this.#active;
    const noDeviceTimer = setTimeout(() => this.#reportStalled(), NO_DEVICE_AFTER_MS);
    try {
      await disconnected?.stop();
      if (disconnected) this.#open.delete(disconnected);
      this.#joiner.begin(0);
      this.#lost = false;
      const { info, target } = await this.#openWithRetry(REOPEN_RETRY_DELAYS_MS, false);
      const list = await this.#readDevices();
      if (this.#stopped) return;
      this.#defaultKey = list.readable ? list.defaultKey : null;
      this.#hasNoDevice = false;
      this.#onDeviceChange(withActualLabel(target, info.label, list), 'went_away');
    } catch {
      this.#lost = false;
      this.#reportEnded();
    } finally {
      clearTimeout(noDeviceTimer);
      this.#changing = false;
    }
    if (this.#lost) void this.#replaceLost();
  }

  /** Checks whether another device should be used. */
  async #checkDevices(): Promise<void> {
    if (this.#checking || this.#changing || this.#stopped || this.#endReported) return;
    this.#checking = true;
    const list = await this.#readDevices();
    this.#checking = false;
    if (this.#changing || this.#stopped || this.#endReported || !list.readable || list.noDevices) return;
    const target = chooseMicrophone(this.#choice, list);
    const { deviceId } = this.#device;
    if (deviceId !== '' && !list.devices.some((device) => device.deviceId === deviceId)) return this.#replaceLost();
    if (target.deviceId !== this.#failedId || this.#choiceChanged) this.#failedId = null;
    if (target.deviceId !== deviceId) {
      if (this.#failedId !== null) return;
      // Require two sightings, so that a device that comes and goes is ignored.
      const isBack = this.#returningId === target.deviceId;
      this.#returningId = target.deviceId;
      if (this.#choiceChanged) await this.#changeTo(target, list, 'chosen');
      else if (isBack) await this.#changeTo(target, list, 'chosen_back');
      return;
    }
    this.#returningId = '';
    this.#choiceChanged = false;
    // The device in use has been chosen, or the missing one has not any more.
    if (target.insteadOf !== this.#device.insteadOf) {
      this.#onDeviceChange({ ...this.#device, insteadOf: target.insteadOf }, 'none');
    }
    if (deviceId === '' && list.defaultKey !== this.#defaultKey) await this.#changeTo(target, list, 'default_changed');
  }

  /** Changes from one live device to another: starts the new one before it stops the old one. */
  async #changeTo(
    target: TargetDevice,
    list: Microphones,
    change: 'chosen' | 'chosen_back' | 'default_changed',
  ): Promise<void> {
    this.#choiceChanged = false;
    // Even if the change fails, don't react to the same default again.
    this.#defaultKey = list.defaultKey;
    // The limit is for devices that come and go by themselves.
    if (change !== 'chosen' && !this.#mayChange()) return;
    this.#changing = true;
    const next = this.#openOne(target.deviceId);
    try {
      const info = await next.ready;
      if (this.#stopped) return;
      // Switch immediately: while the old device is being stopped, the new one captures the same sound.
      const previous = this.#active;
      this.#active = next;
      this.#joiner.begin(this.#lost ? 0 : SEAMLESS_MS);
      this.#lost = false;
      this.#returningId = '';
      this.#onDeviceChange(withActualLabel(target, info.label, list), change);
      await previous?.stop();
      if (previous) this.#open.delete(previous);
    } catch {
      // Keep the current device.
      this.#open.delete(next);
      if (change === 'default_changed' || this.#stopped) return;
      this.#failedId = target.deviceId;
      this.#onDeviceChange({ ...this.#device, insteadOf: target.label }, 'none');
    } finally {
      this.#changing = false;
    }
    if (this.#lost) void this.#replaceLost();
  }

  #onDeviceChange(device: TargetDevice, change: DeviceChange): void {
    this.#device = device;
    const renewed = renewedChoice(this.#choice, device);
    if (renewed) {
      this.#choice = renewed;
      this.#options.onRenewed(renewed);
    }
    if (change !== 'none' || device.insteadOf !== '') {
      this.#options.log('MIC_CHANGED', {
        label: device.label,
        instead_of: device.insteadOf,
        why: CHANGE_REASONS[change],
      });
    }
    this.#reportState();
  }

  #reportStalled(): void {
    this.#hasNoDevice = true;
    this.#reportState();
  }

  #reportState(): void {
    if (this.#stopped) return;
    if (this.#hasNoDevice) this.#report.updateWithoutDevice();
    else this.#report.update(this.#active, this.#device);
  }

  async #readDevices(): Promise<Microphones> {
    const [list, hostDefault] = await Promise.all([
      this.#media?.enumerateDevices().catch(() => null),
      this.#options.hostDefault().catch(() => ''),
    ]);
    // An unreadable list is treated as unknown.
    if (!list) return { devices: [], defaultLabel: '', defaultKey: '', readable: false, noDevices: false };
    return readMicrophones(list, hostDefault);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#cancelPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #reportEnded(): void {
    if (this.#endReported || this.#stopped) return;
    this.#endReported = true;
    this.#options.events.onEnded();
  }
}

type DeviceChange = 'none' | 'default_changed' | 'went_away' | 'chosen' | 'chosen_back';

const CHANGE_REASONS: Record<DeviceChange, string> = {
  none: 'the chosen one is not connected',
  default_changed: "the system's default changed",
  went_away: 'the former one went away',
  chosen: 'the user chose another one',
  chosen_back: 'the chosen one is back',
};
