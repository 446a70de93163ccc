import type { Page } from '@playwright/test';
import { parseServerMessage } from '../../shared/protocol.ts';

// Records the microphones that a page opens and the resume tokens that it receives.

declare global {
  interface Window {
    /** The audio tracks that the page has opened, oldest first. */
    microphones: MediaStreamTrack[];
  }
}

/** An init script. */
export function recordMicrophones(): void {
  window.microphones = [];
  const { mediaDevices } = navigator;
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    window.microphones.push(...stream.getAudioTracks());
    return stream;
  };
}

/** The state of each recorded track, oldest first. */
export const trackStates = (page: Page): Promise<MediaStreamTrackState[]> =>
  page.evaluate(() => window.microphones.map(({ readyState }) => readyState));

/** The resume tokens that the page receives from now on. */
export function recordResumeTokens(page: Page): readonly string[] {
  const tokens: string[] = [];
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const parsed = parseServerMessage(String(payload));
      if (parsed.kind === 'message' && parsed.message.event === 'connected') tokens.push(parsed.message.resume_token);
    }),
  );
  return tokens;
}
