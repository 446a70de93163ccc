import { SAMPLE_RATE } from '../../shared/audio-format.ts';

export interface Playback {
  /** Resolves at the end, or when stopped; false: the sound could not be played. Never rejects. */
  done: Promise<boolean>;
  stop(): void;
}

/** Time (ms) after its end at which a playback counts as failed. */
const PLAY_GRACE_MS = 2_000;

/** Newer browsers; not in TypeScript's DOM library yet. */
type SinkContext = AudioContext & { setSinkId?: (id: string) => Promise<void> };

/**
 * Plays PCM16 at 16 kHz, mono, from memory: the page's policy allows no `blob:` media.
 * @param sinkId output device; empty: the system's default
 */
export function playSamples(
  pcm: Int16Array<ArrayBuffer>,
  sinkId: string,
  createContext: () => AudioContext = () => new AudioContext(),
): Playback {
  let end: (played: boolean) => void = () => {};
  const ended = new Promise<boolean>((resolve) => {
    end = resolve;
  });
  let context: SinkContext | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function play(): Promise<void> {
    context = createContext();
    // A device that is gone: the default plays.
    if (sinkId !== '') await context.setSinkId?.(sinkId).catch(() => {});
    const buffer = context.createBuffer(1, Math.max(pcm.length, 1), SAMPLE_RATE);
    buffer.copyToChannel(
      Float32Array.from(pcm, (sample) => sample / 32_768),
      0,
    );
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.onended = () => end(true);
    // Without an output device the context never runs.
    timer = setTimeout(() => end(false), (pcm.length / SAMPLE_RATE) * 1_000 + PLAY_GRACE_MS);
    source.start();
  }

  play().catch(() => end(false));
  const done = ended.then((played) => {
    clearTimeout(timer);
    void context?.close().catch(() => {});
    return played;
  });
  return { done, stop: () => end(true) };
}
