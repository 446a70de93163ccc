import type { Log } from '../../shared/log-event.ts';
import { isSameMicrophoneState, type MicrophoneState, microphoneLabel } from '../../shared/microphone-state.ts';
import {
  type Chosen,
  chooseMicrophone,
  type MicrophoneChoice,
  type Microphones,
  readMicrophones,
  renewedChoice,
} from './choose-microphone.ts';
import { FrameJoiner } from './frame-joiner.ts';
import type { Microphone, MicrophoneEvents, MicrophoneInfo, OpenDevice } from './microphone.ts';
import { OPEN_RETRY_DELAYS_MS, type OpenedDevice, openWithRetry, REOPEN_RETRY_DELAYS_MS } from './open-with-retry.ts';

/** Interval (ms) at which the device list is read while listening. Not every system fires `devicechange`. */
const POLL_INTERVAL_MS = 1_000;
/** Maximum device changes per minute. A loose plug would otherwise cause a gap each time. */
const MAX_CHANGES = 6;
const CHANGES_WITHIN_MS = 60_000;
/**
 * Pause (ms) during a change between two live microphones that does not count as a gap, since frames arrive in batches.
 */
const SEAMLESS_MS = 150;
/**
 * Time (ms) without any device after which the state becomes `stalled`; as long as for a device that delivers nothing.
 */
const NOTHING_AFTER_MS = 500;

export interface FollowerOptions {
  choice: MicrophoneChoice;
  /** As in `MicrophoneOptions`. */
  channel?: number;
  log: Log;
  events: MicrophoneEvents;
  /** Label of the system's default microphone according to the host; empty: not known. */
  hostDefault: () => Promise<string>;
  /** Restarts the browser's audio process. False: this shell can't. */
  restartAudio: () => Promise<boolean>;
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
  readonly #now: () => number;
  readonly #media: MediaDevices | undefined;
  #choice: MicrophoneChoice;
  /** The device whose audio is delivered. */
  #active: Microphone | null = null;
  /** Every device that is open or being opened. */
  readonly #open = new Set<Microphone>();
  #heard: Chosen = { deviceId: '', label: '', insteadOf: '' };
  /** Last reported state of each open device. */
  readonly #states = new Map<Microphone, MicrophoneState>();
  #reportedState: MicrophoneState | null = null;
  #defaultKey: string | null = null;
  readonly #joint: FrameJoiner;
  /** A device is being opened to replace another. */
  #changing = false;
  /** The active device was disconnected meanwhile. */
  #lost = false;
  /** There has been no device for `NOTHING_AFTER_MS`. */
  #hasNoDevice = false;
  /** Id under which the chosen device was seen once; it is opened when it is seen again. */
  #seen = '';
  readonly #changes: number[] = [];
  #stopped: Promise<void> | null = null;
  #endReported = false;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #wake: (() => void) | null = null;
  #checking = false;
  readonly #onListChange = () => void this.#checkDevices();

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#choice = options.choice;
    this.#openDevice = options.openDevice;
    this.#now = options.now ?? (() => performance.now());
    const { onFrame, onGap } = options.events;
    this.#joint = new FrameJoiner(onFrame, (ms) => onGap(ms, 'changed'), this.#now);
    this.#media = 'media' in options ? options.media : globalThis.navigator?.mediaDevices;
    this.ready = this.#start();
    this.ready.catch(() => {});
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown();
    return this.#stopped;
  }

  async #shutDown(): Promise<void> {
    clearInterval(this.#ticker);
    this.#media?.removeEventListener('devicechange', this.#onListChange);
    this.#wake?.();
    await Promise.all([...this.#open].map((microphone) => microphone.stop()));
  }

  async #start(): Promise<MicrophoneInfo> {
    const { info, target } = await this.#openWithRetry(OPEN_RETRY_DELAYS_MS, true);
    this.#ticker = setInterval(() => void this.#checkDevices(), POLL_INTERVAL_MS);
    this.#media?.addEventListener('devicechange', this.#onListChange);
    const list = await this.#list();
    if (this.#stopped) return info;
    this.#defaultKey = list.readable ? list.defaultKey : null;
    this.#onDeviceChange(this.#named(target, info, list), 'none');
    return info;
  }

  #openWithRetry(waits: readonly number[], first: boolean): Promise<OpenedDevice> {
    return openWithRetry({
      waits,
      first,
      choice: this.#choice,
      list: () => this.#list(),
      restartAudio: this.#options.restartAudio,
      open: (target) => {
        const microphone = this.#openOne(target.deviceId);
        this.#active = microphone;
        this.#heard = target;
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
      media: this.#media,
      events: {
        ...this.#options.events,
        onFrame: (pcm) => {
          const isLate = this.#states.get(microphone)?.status === 'stalled';
          if (this.#active === microphone) this.#joint.push(pcm, this.#stopped !== null, isLate);
        },
        onState: (state) => {
          this.#states.set(microphone, state);
          this.#reportState();
        },
        onGap: (ms, why) => {
          if (this.#active !== microphone) return;
          this.#joint.gap(ms);
          this.#options.events.onGap(ms, why);
        },
        onEnded: () => this.#active === microphone && void this.#replaceLost(),
      },
    });
    this.#open.add(microphone);
    return microphone;
  }

  /** Replaces a disconnected device. The time until the next one delivers audio becomes a gap. */
  async #replaceLost(): Promise<void> {
    this.#lost = true;
    if (this.#changing || this.#stopped || this.#endReported) return;
    if (!this.#mayChange()) return this.#end();
    this.#changing = true;
    const old = this.#active;
    const noDeviceTimer = setTimeout(() => this.#reportStalled(), NOTHING_AFTER_MS);
    try {
      await old?.stop();
      if (old) this.#open.delete(old);
      this.#joint.begin(0);
      this.#lost = false;
      const { info, target } = await this.#openWithRetry(REOPEN_RETRY_DELAYS_MS, false);
      const list = await this.#list();
      if (this.#stopped) return;
      this.#defaultKey = list.readable ? list.defaultKey : null;
      this.#hasNoDevice = false;
      this.#onDeviceChange(this.#named(target, info, list), 'went_away');
    } catch {
      this.#lost = false;
      this.#end();
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
    const list = await this.#list();
    this.#checking = false;
    if (this.#changing || this.#stopped || this.#endReported || !list.readable || list.nothing) return;
    const target = chooseMicrophone(this.#choice, list);
    const { deviceId } = this.#heard;
    if (deviceId !== '' && !list.devices.some((device) => device.deviceId === deviceId)) return this.#replaceLost();
    if (target.deviceId !== deviceId) {
      // Require two sightings, so that a device that comes and goes is ignored.
      const isBack = this.#seen === target.deviceId;
      this.#seen = target.deviceId;
      if (isBack) await this.#changeTo(target, list, 'chosen_back');
      return;
    }
    this.#seen = '';
    if (deviceId === '' && list.defaultKey !== this.#defaultKey) await this.#changeTo(target, list, 'default_changed');
  }

  /** Changes from one live device to another: starts the new one before it stops the old one. */
  async #changeTo(target: Chosen, list: Microphones, change: 'chosen_back' | 'default_changed'): Promise<void> {
    // Even if the change fails, don't react to the same default again.
    this.#defaultKey = list.defaultKey;
    if (!this.#mayChange()) return;
    this.#changing = true;
    const next = this.#openOne(target.deviceId);
    try {
      const info = await next.ready;
      if (this.#stopped) return;
      // Switch immediately: while the old device is being stopped, the new one captures the same sound.
      const former = this.#active;
      this.#active = next;
      this.#joint.begin(this.#lost ? 0 : SEAMLESS_MS);
      this.#lost = false;
      this.#seen = '';
      this.#onDeviceChange(this.#named(target, info, list), change);
      await former?.stop();
      if (former) this.#open.delete(former);
    } catch {
      // Keep the current device.
      this.#open.delete(next);
    } finally {
      this.#changing = false;
    }
    if (this.#lost) void this.#replaceLost();
  }

  #named(target: Chosen, info: MicrophoneInfo, list: Microphones): Chosen {
    if (target.deviceId !== '') return { ...target, label: info.label || target.label };
    const isDevice = list.devices.some(({ label }) => label === info.label);
    return { ...target, label: isDevice ? info.label : list.defaultLabel };
  }

  #onDeviceChange(heard: Chosen, change: HeardChange): void {
    this.#heard = heard;
    const renewed = renewedChoice(this.#choice, heard);
    if (renewed) {
      this.#choice = renewed;
      this.#options.onRenewed(renewed);
    }
    if (change !== 'none' || heard.insteadOf !== '') {
      this.#options.log('MIC_CHANGED', { label: heard.label, instead_of: heard.insteadOf, why: WHY[change] });
    }
    this.#reportState();
  }

  #reportStalled(): void {
    this.#hasNoDevice = true;
    this.#reportState();
  }

  /** Reports the state that applies from the next frame on, if it has changed. */
  #reportState(): void {
    const state = this.#hasNoDevice ? this.#stalledState() : this.#activeState();
    if (!state || this.#stopped) return;
    if (isSameMicrophoneState(state, this.#reportedState)) return;
    this.#reportedState = state;
    this.#options.events.onState(state);
  }

  /** The state while there is no device: the last one, as `stalled`. */
  #stalledState(): MicrophoneState | null {
    return this.#reportedState && { ...this.#reportedState, status: 'stalled' };
  }

  #activeState(): MicrophoneState | null {
    const own = this.#active && this.#states.get(this.#active);
    if (!own) return null;
    const { deviceId, label, insteadOf } = this.#heard;
    return {
      // The browser's label of the default device ("Default") does not name a microphone.
      label: microphoneLabel(deviceId === '' ? label : own.label),
      status: own.status,
      instead_of: insteadOf === '' ? null : microphoneLabel(insteadOf),
    };
  }

  async #list(): Promise<Microphones> {
    const [list, hostDefault] = await Promise.all([
      this.#media?.enumerateDevices().catch(() => null),
      this.#options.hostDefault().catch(() => ''),
    ]);
    // An unreadable list is treated as unknown.
    if (!list) return { devices: [], defaultLabel: '', defaultKey: '', readable: false, nothing: false };
    return readMicrophones(list, hostDefault);
  }

  #mayChange(): boolean {
    const now = this.#now();
    while (this.#changes[0] !== undefined && now - this.#changes[0] > CHANGES_WITHIN_MS) this.#changes.shift();
    if (this.#changes.length >= MAX_CHANGES) return false;
    this.#changes.push(now);
    return true;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #end(): void {
    if (this.#endReported || this.#stopped) return;
    this.#endReported = true;
    this.#options.events.onEnded();
  }
}

type HeardChange = 'none' | 'default_changed' | 'went_away' | 'chosen_back';

const WHY: Record<HeardChange, string> = {
  none: 'the chosen one is not connected',
  default_changed: "the system's default changed",
  went_away: 'the former one went away',
  chosen_back: 'the chosen one is back',
};
