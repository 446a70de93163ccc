import type { Page } from '@playwright/test';
import { FRAME_MS, FRAME_SAMPLES } from '../../shared/audio-format.ts';

/** What the page keeps of what its capture worker says. */
interface CaptureLog {
  captured: Array<number[] | { gapMs: number }>;
}

/**
 * Keeps what the capture worker hands to the page; to be run in the page before the first press. What the browser captured on a
 * busy machine is its own affair: this tells what has to be in the recording, sample by sample.
 */
export function recordCapturedAudio(): void {
  const captured: CaptureLog['captured'] = [];
  Object.assign(window, { captured });
  // Each capture has a port of its own to the worker.
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

/** What was captured since then, with silence in the gaps: samples of PCM16. */
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
