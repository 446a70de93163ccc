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
import { FrameJoint } from './frame-joint.ts';
import type { Microphone, MicrophoneEvents, MicrophoneInfo, OpenDevice } from './microphone.ts';
import { OPEN_RETRY_DELAYS_MS, REOPEN_RETRY_DELAYS_MS, type Reached, reachMicrophone } from './reach-microphone.ts';

/** The list is read this often (ms) while listening: not every system tells that it has changed. */
const LOOK_EVERY_MS = 1_000;
/** So many changes of the microphone within a minute, and it is left as it is: a loose plug would cost a gap each time. */
const MAX_CHANGES = 6;
const CHANGES_WITHIN_MS = 60_000;
/** A change between two live microphones may take this long (ms) before it is told as a gap: frames come in batches. */
const SEAMLESS_MS = 150;
/** Without any device for this long (ms) it is told that nothing is heard: as soon as of a device that delivers nothing. */
const NOTHING_AFTER_MS = 500;

export interface FollowerOptions {
  choice: MicrophoneChoice;
  /** As in `MicrophoneOptions`. */
  channel?: number;
  log: Log;
  events: MicrophoneEvents;
  /** The label of the system's default as the host knows it; empty: not known. */
  hostDefault: () => Promise<string>;
  /** Starts the browser's audio process anew. False: this shell can't. */
  restartAudio: () => Promise<boolean>;
  /** The chosen one was found under a new id, or its name is known now: to be kept. */
  onRenewed: (choice: MicrophoneChoice) => void;
  /** Default: the browser's. */
  media?: MediaDevices | undefined;
  openDevice: OpenDevice;
  /** ms of a clock that never goes back. */
  now?: () => number;
}

/**
 * A microphone that may change its device: the chosen one, else the system's default, and the chosen one again when it is
 * back. A change from one live device to another costs no sound: the new one flows before the old one is stopped. Keeps the promises of `Microphone`; `onEnded` is told once no device can be opened any more.
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
  /** Whose sound is delivered. */
  #active: Microphone | null = null;
  /** Every device that is open or being opened. */
  readonly #open = new Set<Microphone>();
  #heard: Chosen = { deviceId: '', label: '', insteadOf: '' };
  /** What each open device said of itself last. */
  readonly #states = new Map<Microphone, MicrophoneState>();
  #toldState: MicrophoneState | null = null;
  #defaultKey: string | null = null;
  readonly #joint: FrameJoint;
  /** A device is being opened in the place of another. */
  #changing = false;
  /** The active device went away meanwhile. */
  #lost = false;
  /** There is no device, and has been none for `NOTHING_AFTER_MS`. */
  #hearsNothing = false;
  /** Where the chosen one was seen once: it is taken when it is seen again. */
  #seen = '';
  readonly #changes: number[] = [];
  #stopped: Promise<void> | null = null;
  #endTold = false;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #wake: (() => void) | null = null;
  #looking = false;
  readonly #onListChange = () => void this.#look();

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#choice = options.choice;
    this.#openDevice = options.openDevice;
    this.#now = options.now ?? (() => performance.now());
    const { onFrame, onGap } = options.events;
    this.#joint = new FrameJoint(onFrame, (ms) => onGap(ms, 'changed'), this.#now);
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
    const { info, target } = await this.#reach(OPEN_RETRY_DELAYS_MS, true);
    this.#ticker = setInterval(() => void this.#look(), LOOK_EVERY_MS);
    this.#media?.addEventListener('devicechange', this.#onListChange);
    const list = await this.#list();
    if (this.#stopped) return info;
    this.#defaultKey = list.readable ? list.defaultKey : null;
    this.#tell(this.#named(target, info, list), 'none');
    return info;
  }

  #reach(waits: readonly number[], first: boolean): Promise<Reached> {
    return reachMicrophone({
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
          this.#tellState();
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

  /** The device that was heard is gone: the next one takes its place, and what was missed meanwhile is a gap. */
  async #replaceLost(): Promise<void> {
    this.#lost = true;
    if (this.#changing || this.#stopped || this.#endTold) return;
    if (!this.#mayChange()) return this.#end();
    this.#changing = true;
    const old = this.#active;
    const hearsNothing = setTimeout(() => this.#tellNothing(), NOTHING_AFTER_MS);
    try {
      await old?.stop();
      if (old) this.#open.delete(old);
      this.#joint.begin(0);
      this.#lost = false;
      const { info, target } = await this.#reach(REOPEN_RETRY_DELAYS_MS, false);
      const list = await this.#list();
      if (this.#stopped) return;
      this.#defaultKey = list.readable ? list.defaultKey : null;
      this.#hearsNothing = false;
      this.#tell(this.#named(target, info, list), 'went_away');
    } catch {
      this.#lost = false;
      this.#end();
    } finally {
      clearTimeout(hearsNothing);
      this.#changing = false;
    }
    if (this.#lost) void this.#replaceLost();
  }

  /** Looks whether another device should be heard by now. */
  async #look(): Promise<void> {
    if (this.#looking || this.#changing || this.#stopped || this.#endTold) return;
    this.#looking = true;
    const list = await this.#list();
    this.#looking = false;
    if (this.#changing || this.#stopped || this.#endTold || !list.readable || list.nothing) return;
    const target = chooseMicrophone(this.#choice, list);
    const { deviceId } = this.#heard;
    if (deviceId !== '' && !list.devices.some((device) => device.deviceId === deviceId)) return this.#replaceLost();
    if (target.deviceId !== deviceId) {
      // Seen twice: one that comes and goes is not taken.
      const isBack = this.#seen === target.deviceId;
      this.#seen = target.deviceId;
      if (isBack) await this.#changeTo(target, list, 'chosen_back');
      return;
    }
    this.#seen = '';
    if (deviceId === '' && list.defaultKey !== this.#defaultKey) await this.#changeTo(target, list, 'default_changed');
  }

  /** From one live device to another: the new one flows before the old one is stopped. */
  async #changeTo(target: Chosen, list: Microphones, change: 'chosen_back' | 'default_changed'): Promise<void> {
    // Whatever comes of it, the same state of things is not answered twice.
    this.#defaultKey = list.defaultKey;
    if (!this.#mayChange()) return;
    this.#changing = true;
    const next = this.#openOne(target.deviceId);
    try {
      const info = await next.ready;
      if (this.#stopped) return;
      // At once: while the former one ends, the new one hears the same.
      const former = this.#active;
      this.#active = next;
      this.#joint.begin(this.#lost ? 0 : SEAMLESS_MS);
      this.#lost = false;
      this.#seen = '';
      this.#tell(this.#named(target, info, list), change);
      await former?.stop();
      if (former) this.#open.delete(former);
    } catch {
      // The one that is heard is kept.
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

  #tell(heard: Chosen, change: HeardChange): void {
    this.#heard = heard;
    const renewed = renewedChoice(this.#choice, heard);
    if (renewed) {
      this.#choice = renewed;
      this.#options.onRenewed(renewed);
    }
    if (change !== 'none' || heard.insteadOf !== '') {
      this.#options.log('MIC_CHANGED', { label: heard.label, instead_of: heard.insteadOf, why: WHY[change] });
    }
    this.#tellState();
  }

  #tellNothing(): void {
    this.#hearsNothing = true;
    this.#tellState();
  }

  /** From the next frame on: what the active device says of itself, under the name that it is known by. */
  #tellState(): void {
    const state = this.#hearsNothing ? this.#nothing() : this.#activeState();
    if (!state || this.#stopped) return;
    if (isSameMicrophoneState(state, this.#toldState)) return;
    this.#toldState = state;
    this.#options.events.onState(state);
  }

  /** Of the one that was heard last: it went away, and no other is there yet. */
  #nothing(): MicrophoneState | null {
    return this.#toldState && { ...this.#toldState, status: 'stalled' };
  }

  #activeState(): MicrophoneState | null {
    const own = this.#active && this.#states.get(this.#active);
    if (!own) return null;
    const { deviceId, label, insteadOf } = this.#heard;
    return {
      // What the browser calls the default, as "Default", is no name of a microphone.
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
    // A list that can't be read says nothing.
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
    if (this.#endTold || this.#stopped) return;
    this.#endTold = true;
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
