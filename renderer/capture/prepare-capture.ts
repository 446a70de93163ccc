import { AudioGraph } from './audio-graph.ts';
import type { CreateCapture } from './capture.ts';
import { CaptureStream, hasTrackProcessor } from './capture-stream.ts';
import { createCaptureThread } from './capture-thread.ts';

/**
 * Selects how this browser captures audio. Call it when the page loads, while its host is known to be genuine: it loads
 * the capture code now, because at a later press another program may answer at the page's address.
 *
 * In Chromium it reads the track directly, which loses nothing on a busy machine. In Firefox it uses an audio graph,
 * which is clocked by the output device: when the clocks of input and output drift apart, Firefox silently adds or
 * drops samples.
 * @param mayLoad whether code may be loaded now; called again only if loading failed
 */
export function prepareCapture(mayLoad: () => boolean): CreateCapture {
  if (!hasTrackProcessor()) return (events, channel) => new AudioGraph(new AudioContext(), events, channel);
  const thread = createCaptureThread({ mayLoad });
  thread.load();
  return (events, channel) => new CaptureStream(events, thread, channel);
}
