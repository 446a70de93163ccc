import { EarshotError } from '../../shared/errors.ts';
import { isSameMicrophoneState, type MicrophoneState, microphoneLabel } from '../../shared/microphone-state.ts';
import { type AudioProcessing, effectiveProcessing, NO_PROCESSING } from './audio-processing.ts';
import type { Capture, CaptureEvents, CreateCapture } from './capture.ts';
import { micError, micProblem, micStopped } from './mic-problem.ts';
import { SignalWatch } from './signal-watch.ts';

export interface MicrophoneEvents {
  /**
   * 20 ms of audio: 320 samples of PCM16 at 16 kHz, mono; only the last frame of a recording may be shorter (1..319).
   */
  onFrame(pcm: Int16Array): void;
  /**
   * `ms` were not captured before the next frame or the end. Without `why`: the page or the system's audio was blocked;
   * `changed`: another device replaced a disconnected one; `stalled`: the device delivered nothing, which is reported in
   * several parts.
   */
  onGap(ms: number, why?: 'changed' | 'stalled'): void;
  /** The microphone and its state from the next frame on. Called before the first frame, and then on changes only. */
  onState(state: MicrophoneState): void;
  /**
   * The device was disconnected or its capture failed after `ready` resolved. A device that delivers nothing is
   * `stalled`, and is given up after two minutes. Called once, and never after `stop()`.
   */
  onEnded(): void;
}

export interface MicrophoneInfo {
  /** The system's name for it, e.g. "Built-in Microphone". */
  label: string;
  /** Sample rate of the device in Hz, before conversion to 16 kHz. */
  sampleRate: number;
  /** What the browser does to the sound, as it reports it. */
  processing: Partial<AudioProcessing>;
}

/** A microphone that is opening, open or closed. It can't be reopened after `stop()`; open another one. */
export interface Microphone {
  /**
   * Resolves when audio arrives. Rejects, after everything was released, with an `EarshotError` whose code is a
   * `MicProblem`, or `mic_stopped` if `stop()` was called first.
   */
  readonly ready: Promise<MicrophoneInfo>;
  /**
   * Delivers the remaining audio to `onFrame`, then stops all tracks (which turns off the system's microphone
   * indicator) and closes the capture. Always resolves: within 500 ms for a live microphone; while the permission
   * prompt is open, after the user has answered it and the resulting stream is stopped. May be called at any time,
   * repeatedly.
   */
  stop(): Promise<void>;
}

export interface MicrophoneOptions {
  /** The browser's device id; empty: the system's default. A missing device fails with `mic_missing`. */
  deviceId: string;
  /** The channel to record, from 1; 0 (default): selected automatically. */
  channel?: number;
  /** What the browser shall do to the sound. Default: nothing. */
  processing?: AudioProcessing;
  events: MicrophoneEvents;
  /** Default: the browser's. */
  media?: MediaDevices | undefined;
  createCapture: CreateCapture;
}

/** Options for opening a device; the page adds the capture method. */
export type DeviceOptions = Omit<MicrophoneOptions, 'createCapture'>;
export type OpenDevice = (options: DeviceOptions) => Microphone;

/**
 * Opens a microphone. Calls `getUserMedia` synchronously, within the caller's user gesture.
 * Never throws; errors reject `ready`.
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
  /** `ready` has resolved: `stop` must flush, and `onEnded` may be called. */
  #live = false;
  #ended = false;
  /** Set by `stop()` or by a failure, and never reset. */
  #released: Promise<void> | null = null;
  #stopAsked = false;
  #unwatch = () => {};
  /** Last reported state; null before the first one. */
  #state: MicrophoneState | null = null;
  #muted = false;
  #stalled = false;
  readonly #signal = new SignalWatch();

  constructor(options: MicrophoneOptions) {
    const {
      deviceId,
      channel = 0,
      processing = NO_PROCESSING,
      events,
      media = browserMedia(),
      createCapture,
    } = options;
    this.#events = events;
    this.#media = media;
    this.#stream = this.#request(deviceId, processing);
    this.ready = this.#start((captured) => createCapture(captured, channel));
    this.ready.catch(() => {}); // a caller that stops immediately may ignore the rejection
  }

  stop(): Promise<void> {
    this.#stopAsked = true;
    return this.#release();
  }

  /** Must not await before `getUserMedia`, to stay within the user gesture. */
  async #request(deviceId: string, processing: AudioProcessing): Promise<MediaStream> {
    if (!this.#media) throw micError('mic_failed', 'no mediaDevices: the page is not in a secure context');
    try {
      return await this.#media.getUserMedia(constraints(deviceId, processing));
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
      this.#reportState({ label: microphoneLabel(track.label) });
      // Created after the stream, because creating an audio context blocks the page for 60 to 570 ms on a busy machine.
      // Earlier, that would delay the reply to the voice server's welcome, which arrives within milliseconds of the
      // press.
      const capture = createCapture({
        onFrame: (pcm) => this.#onFrame(pcm),
        onGap: (ms) => (this.#stalled ? this.#events.onGap(ms, 'stalled') : this.#events.onGap(ms)),
        onStall: (stalled) => {
          this.#stalled = stalled;
          this.#signal.restart();
          this.#reportState();
        },
        onFailed: () => this.#end(),
      });
      this.#capture = capture;
      await capture.connect(stream);
      if (this.#released) throw micStopped();
      if (track.readyState === 'ended') throw micError('mic_missing');
      this.#live = true;
      return {
        label: track.label,
        sampleRate: capture.sampleRate,
        processing: effectiveProcessing(track.getSettings()),
      };
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

  /** Releases the capture immediately; waits for an open permission prompt and stops the resulting stream. */
  async #shutDown(): Promise<void> {
    this.#unwatch();
    if (this.#live) await this.#capture?.flush();
    const captureClosed = this.#capture?.close();
    const stream = await this.#stream.catch(() => null);
    for (const track of stream?.getTracks() ?? []) track.stop();
    await captureClosed;
  }

  /**
   * Watches for a disconnected device: its track ends, or with some drivers it only disappears from the device list.
   */
  #watch(track: MediaStreamTrack): void {
    const media = this.#media;
    const ended = () => this.#end();
    const mutedChanged = () => {
      this.#muted = track.muted;
      this.#signal.restart();
      this.#reportState();
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
    // A list without ids means no permission to read it, so it proves nothing.
    const inputs = devices?.filter((device) => device.kind === 'audioinput') ?? [];
    const readable = devices && inputs.every((device) => device.deviceId !== '');
    if (id && readable && !inputs.some((device) => device.deviceId === id)) this.#end();
  }

  #onFrame(pcm: Int16Array): void {
    // A muted track delivers silence generated by the browser.
    if (!this.#muted) this.#signal.push(pcm);
    this.#reportState();
    this.#events.onFrame(pcm);
  }

  /** Reports the microphone's state from the next frame on, if it has changed. */
  #reportState(change: Partial<Omit<MicrophoneState, 'status'>> = {}): void {
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
  // Typed as always present, but undefined outside a secure context.
  return globalThis.navigator?.mediaDevices;
}

/** More channels than any device has; the browser returns those that exist. */
const ALL_CHANNELS = 32;

/**
 * Requests all channels of the device, because a browser would mix several into one (channel-picker.ts). Requests only
 * the processing that the user has switched on: echo cancellation, noise suppression and gain control gate, filter and
 * pump the sound, differently on each device.
 * @param deviceId empty: the system's default
 */
function constraints(deviceId: string, processing: AudioProcessing): MediaStreamConstraints {
  return {
    audio: {
      channelCount: { ideal: ALL_CHANNELS },
      ...processing,
      ...(deviceId !== '' && { deviceId: { exact: deviceId } }),
    },
    video: false,
  };
}
