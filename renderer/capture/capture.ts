export interface CaptureEvents {
  /** 20 ms of audio, in order; not called after `close()`. */
  onFrame(pcm: Int16Array): void;
  /** `ms` are missing before the next frame: the page's process or the audio service did not run. */
  onGap(ms: number): void;
  /** True: the track is live but delivers nothing, not even silence. False: it delivers again. */
  onStall(stalled: boolean): void;
  /** The capture failed or stopped permanently; no frame follows. Not called after `close()`. */
  onFailed(): void;
}

/** Captures one stream as frames. */
export interface Capture {
  /** Sample rate of the device, in Hz; known once `connect` has resolved. */
  readonly sampleRate: number;
  /**
   * Starts capturing; resolves when the first sound has arrived. Does nothing if the capture was closed meanwhile.
   * @throws {EarshotError} `part_not_loaded` if the capture's code does not load within 10 s, `mic_no_sound` if no
   *   sound arrives within 10 s
   * @throws {Error} if the capture can't be started for another reason
   */
  connect(stream: MediaStream): Promise<void>;
  /** Delivers all captured audio to `onFrame`; resolves then, or after 250 ms. */
  flush(): Promise<void>;
  /** Releases the capture within 200 ms. The caller then stops the stream's tracks, which ends the reading. */
  close(): Promise<void>;
}

/** Creates the capture of one stream. `channel`: the channel to record, from 1; 0: selected automatically. */
export type CreateCapture = (events: CaptureEvents, channel: number) => Capture;
