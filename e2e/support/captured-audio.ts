import type { Page } from '@playwright/test';
import { FRAME_MS, FRAME_SAMPLES } from '../../shared/audio-format.ts';

/** The messages of the capture worker, as the page records them. */
interface CaptureLog {
  captured: Array<number[] | { gapMs: number }>;
}

/**
 * Records every frame and gap that the capture worker sends. Evaluate it in the page before the first press. Compare a
 * recording with these samples, because a browser on a busy machine may capture fewer than the microphone played.
 */
export function recordCapturedAudio(): void {
  const captured: CaptureLog['captured'] = [];
  Object.assign(window, { captured });
  // Each capture uses its own MessageChannel.
  const Original = window.MessageChannel;
  window.MessageChannel = class extends Original {
    constructor() {
      super();
      this.port1.addEventListener('message', ({ data }) => {
        if (data?.type === 'frame') captured.push([...data.pcm]);
        if (data?.type === 'gap') captured.push({ gapMs: data.ms });
      });
    }
  };
}

/** The captured PCM16 samples so far, with silence in the gaps, and the total length of the gaps in seconds. */
export async function capturedAudio(page: Page): Promise<{ samples: number[]; gapsS: number }> {
  const captured = await page.evaluate(() => (window as unknown as CaptureLog).captured);
  let gapFrames = 0;
  const samples = captured.flatMap((part) => {
    if (Array.isArray(part)) return part;
    const frames = Math.round(part.gapMs / FRAME_MS);
    gapFrames += frames;
    return new Array<number>(frames * FRAME_SAMPLES).fill(0);
  });
  return { samples, gapsS: (gapFrames * FRAME_MS) / 1000 };
}
