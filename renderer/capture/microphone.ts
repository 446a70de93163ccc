import { EarshotError } from '../../shared/errors.ts';
import { isSameMicrophoneState, type MicrophoneState, microphoneLabel } from '../../shared/microphone-state.ts';
import type { Capture, CaptureEvents, CreateCapture } from './capture.ts';
import { micError, micProblem, micStopped } from './mic-problem.ts';
import { SignalWatch } from './signal-watch.ts';

export interface MicrophoneEvents {
  /** 20 ms of sound: 320 samples of PCM16 at 16 kHz, mono; only the last of a recording may be shorter (1..319). */
  onFrame(pcm: Int16Array): void;
  /**
   * So many ms were not captured before the next frame, or before the end: the page or the system's audio was held up;
   * `changed`: another device took the place of one that had left; `stalled`: it was open and delivered nothing, told bit by bit.
   */
  onGap(ms: number, why?: 'changed' | 'stalled'): void;
  /**
   * Which microphone is heard from the next frame on, and how; only changes are told. The first time before any frame.
   */
  onState(state: MicrophoneState): void;
  /**
   * After `ready` resolved the device went away, or its capture broke. A device that is there and delivers nothing is not gone:
   * it is `stalled`, and given up after two minutes. Told once, and never after `stop()` was called.
   */
  onEnded(): void;
}

export interface MicrophoneInfo {
  /** As the system names it, e.g. "Built-in Microphone". */
  label: string;
  /** The rate at which it is read, in Hz, before conversion to 16 kHz. */
  sampleRate: number;
}

/** A microphone being opened, open, or closed. One opening, one stream: to go on after `stop()`, open another. */
export interface Microphone {
  /**
   * Resolves when sound flows. Rejects with an `EarshotError` whose code is a `MicProblem`, everything released by
   * then; or, when `stop()` came first, with the code `mic_stopped`, which is no problem of anyone.
   */
  readonly ready: Promise<MicrophoneInfo>;
  /**
   * Delivers the rest to `onFrame`, then stops every track (the system's microphone light goes out) and closes the
   * capture. Always resolves, within 500 ms of a live microphone; while the permission prompt is open, once a
   * person has answered it and the stream that this gave is stopped. May be called at any moment, and again.
   */
  stop(): Promise<void>;
}

export interface MicrophoneOptions {
  /** The browser's id of the device; empty: the system's default. One that is not there fails with `mic_missing`. */
  deviceId: string;
  /** The channel that is heard, from 1; 0 (default): the one that carries the sound. */
  channel?: number;
  events: MicrophoneEvents;
  /** Default: the browser's. */
  media?: MediaDevices | undefined;
  createCapture: CreateCapture;
}

/** What is asked of a device; how its sound is captured is the page's. */
export type DeviceOptions = Omit<MicrophoneOptions, 'createCapture'>;
export type OpenDevice = (options: DeviceOptions) => Microphone;

/**
 * Opens a microphone. Asks for the device before it returns, in the caller's own gesture.
 * Never throws: what goes wrong rejects `ready`.
 */
export function openMicrophone(options: MicrophoneOptions): Microphone {
  return new OpenMicrophone(options);
}

class OpenMicrophone implements Microphone {
  readonly ready: Promise<MicrophoneInfo>;
  readonly #events: MicrophoneEvents;
  readonly #media: MediaDevices | undefined;
  readonly #stream: Promise<MediaStream>;
  #capture: Capture | null = null;
  /** `ready` resolved: there is something to flush, and an end to tell. */
  #live = false;
  #ended = false;
  /** Set for good by `stop()`, and by a failure. */
  #released: Promise<void> | null = null;
  #stopAsked = false;
  #unwatch = () => {};
  /** What was told last of the microphone; null before there is one. */
  #state: MicrophoneState | null = null;
  #muted = false;
  #stalled = false;
  readonly #signal = new SignalWatch();

  constructor(options: MicrophoneOptions) {
    const { deviceId, channel = 0, events, media = browserMedia(), createCapture } = options;
    this.#events = events;
    this.#media = media;
    this.#stream = this.#request(deviceId);
    this.ready = this.#start((captured) => createCapture(captured, channel));
    this.ready.catch(() => {}); // a caller that stops at once need not look at it
  }

  stop(): Promise<void> {
    this.#stopAsked = true;
    return this.#release();
  }

  /** Runs up to `getUserMedia` without an await. */
  async #request(deviceId: string): Promise<MediaStream> {
    if (!this.#media) throw micError('mic_failed', 'no mediaDevices: the page is not in a secure context');
    try {
      return await this.#media.getUserMedia(constraints(deviceId === '' ? undefined : deviceId));
    } catch (error) {
      throw micError(micProblem(error), error);
    }
  }

  async #start(createCapture: (events: CaptureEvents) => Capture): Promise<MicrophoneInfo> {
    try {
      const stream = await this.#stream;
      if (this.#released) throw micStopped();
      const [track] = stream.getAudioTracks();
      if (track === undefined) throw micError('mic_missing');
      this.#watch(track);
      this.#muted = track.muted;
      this.#tell({ label: microphoneLabel(track.label) });
      // Not before there is a stream: making an audio context holds the page up, 60 to 570 ms on a busy machine, and with
      // it the answer to the voice server's welcome, which comes within milliseconds of the same press.
      const capture = createCapture({
        onFrame: (pcm) => this.#hear(pcm),
        onGap: (ms) => (this.#stalled ? this.#events.onGap(ms, 'stalled') : this.#events.onGap(ms)),
        onStall: (stalled) => {
          this.#stalled = stalled;
          this.#signal.restart();
          this.#tell();
        },
        onCrash: () => this.#end(),
      });
      this.#capture = capture;
      await capture.connect(stream);
      if (this.#released) throw micStopped();
      if (track.readyState === 'ended') throw micError('mic_missing');
      this.#live = true;
      return { label: track.label, sampleRate: capture.sampleRate };
    } catch (error) {
      await this.#release();
      if (this.#stopAsked) throw micStopped();
      throw error instanceof EarshotError ? error : micError('mic_failed', error);
    }
  }

  #release(): Promise<void> {
    this.#released ??= this.#shutDown();
    return this.#released;
  }

  /** What is there is released at once; a prompt that is still open is waited for, whatever it gives is stopped. */
  async #shutDown(): Promise<void> {
    this.#unwatch();
    if (this.#live) await this.#capture?.flush();
    const captureClosed = this.#capture?.close();
    const stream = await this.#stream.catch(() => null);
    for (const track of stream?.getTracks() ?? []) track.stop();
    await captureClosed;
  }

  /** A device can leave in two ways: its track ends, or (some drivers) it only vanishes from the list. */
  #watch(track: MediaStreamTrack): void {
    const media = this.#media;
    const ended = () => this.#end();
    const mutedChanged = () => {
      this.#muted = track.muted;
      this.#signal.restart();
      this.#tell();
    };
    const listChanged = () => void this.#checkList(track);
    track.addEventListener('ended', ended);
    track.addEventListener('mute', mutedChanged);
    track.addEventListener('unmute', mutedChanged);
    media?.addEventListener('devicechange', listChanged);
    this.#unwatch = () => {
      track.removeEventListener('ended', ended);
      track.removeEventListener('mute', mutedChanged);
      track.removeEventListener('unmute', mutedChanged);
      media?.removeEventListener('devicechange', listChanged);
    };
  }

  async #checkList(track: MediaStreamTrack): Promise<void> {
    const id = track.getSettings().deviceId;
    const devices = await this.#media?.enumerateDevices().catch(() => null);
    // A list without ids is one that this page may not read: it proves nothing.
    const inputs = devices?.filter((device) => device.kind === 'audioinput') ?? [];
    const readable = devices && inputs.every((device) => device.deviceId !== '');
    if (id && readable && !inputs.some((device) => device.deviceId === id)) this.#end();
  }

  #hear(pcm: Int16Array): void {
    // What a muted track gives is silence of the browser's making.
    if (!this.#muted) this.#signal.hear(pcm);
    this.#tell();
    this.#events.onFrame(pcm);
  }

  /** Tells what has changed of the microphone; from the next frame on. */
  #tell(change: Partial<Omit<MicrophoneState, 'status'>> = {}): void {
    const { label = '', instead_of = null } = this.#state ?? {};
    const status = this.#muted ? 'muted' : this.#stalled ? 'stalled' : this.#signal.status;
    const state: MicrophoneState = { label, instead_of, ...change, status };
    if (this.#released || isSameMicrophoneState(state, this.#state)) return;
    this.#state = state;
    this.#events.onState(state);
  }

  #end(): void {
    if (!this.#live || this.#ended || this.#released) return;
    this.#ended = true;
    this.#events.onEnded();
  }
}

function browserMedia(): MediaDevices | undefined {
  // Typed as always there; absent outside a secure context.
  return globalThis.navigator?.mediaDevices;
}

/** More channels than a device has: the browser gives those that there are. */
const ALL_CHANNELS = 32;

/**
 * With every channel of the device, since a browser that has to make one of several adds them up (channel-picker.ts), and without
 * the browser's processing: a recording holds what was said, and its level is the device's. Echo
 * cancellation, noise suppression and gain control would gate, filter and pump it, each device in its own way.
 */
function constraints(deviceId?: string): MediaStreamConstraints {
  return {
    audio: {
      channelCount: { ideal: ALL_CHANNELS },
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
      ...(deviceId !== undefined && { deviceId: { exact: deviceId } }),
    },
    video: false,
  };
}
