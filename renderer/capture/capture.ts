import { AudioGraph } from './audio-graph.ts';
import { CaptureStream, hasTrackProcessor } from './capture-stream.ts';
import { createCaptureThread } from './capture-thread.ts';

export interface CaptureEvents {
  /** 20 ms of sound, in order, and none after `close()` was called. */
  onFrame(pcm: Int16Array): void;
  /** So many ms are missing before the next frame: the page's process or the audio service did not run. */
  onGap(ms: number): void;
  /** The track is live and delivers nothing, not even silence (true), or it does again. */
  onStall(stalled: boolean): void;
  /** The capture broke, or stopped for good: no further frame will come. Not told after `close()` was called. */
  onCrash(): void;
}

/** The way of the sound from a stream to frames. One capture serves one stream. */
export interface Capture {
  /** The rate at which the device is read, in Hz; known once `connect` has resolved. */
  readonly sampleRate: number;
  /**
   * Lets the stream's sound flow, and resolves when its first sound has come; does nothing when the capture was closed
   * meanwhile.
   * @throws {EarshotError} `part_not_loaded` when the capture's own code does not load within 10 s, `mic_no_sound` when no sound
   *   comes within as long; else when it can't be started
   */
  connect(stream: MediaStream): Promise<void>;
  /** Has everything that was heard delivered to `onFrame`; resolves then, or after 250 ms. */
  flush(): Promise<void>;
  /** Takes it apart. Resolves within 200 ms, whatever the system does. */
  close(): Promise<void>;
}

/** Makes the capture of one stream: the channel that is heard, from 1; 0: the one that carries the sound. */
export type CreateCapture = (events: CaptureEvents, channel: number) => Capture;

/**
 * How this browser captures, for all microphones of a page. To be asked for when the page begins, while its host stands: the
 * code that reads the sound is loaded now, and not at a press, when another program may answer at the page's address.
 *
 * Captures by the track itself where the browser can (Chromium), which loses nothing when the machine is busy; elsewhere
 * (Firefox) through an audio graph, which the output device paces: where the clocks of the two devices drift apart, that browser
 * adds or leaves out samples by itself, and tells nobody.
 * @param mayLoad whether code may be loaded now; asked again only where it could not be loaded
 */
export function prepareCapture(mayLoad: () => boolean): CreateCapture {
  if (!hasTrackProcessor()) return (events, channel) => new AudioGraph(new AudioContext(), events, channel);
  const thread = createCaptureThread({ mayLoad });
  thread.load();
  return (events, channel) => new CaptureStream(events, thread, channel);
}
