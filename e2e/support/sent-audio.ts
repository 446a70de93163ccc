import type { Page } from '@playwright/test';
import { FRAME_SAMPLES, SAMPLE_RATE } from '../../shared/audio-format.ts';

/**
 * Counts the audio that a page sends to the voice server, from before it connects.
 * @returns how many seconds it has sent until now
 */
export function watchSentAudio(page: Page): () => number {
  let frames = 0;
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      if (typeof payload !== 'string') frames++;
    }),
  );
  return () => (frames * FRAME_SAMPLES) / SAMPLE_RATE;
}
