import type { Page } from '@playwright/test';
import { parseServerMessage } from '../../shared/protocol.ts';

// What a page was given: microphones by its browser, resume tokens by the voice server.

declare global {
  interface Window {
    /** Every microphone that the page was given. */
    microphones: MediaStreamTrack[];
  }
}

/** Runs in the page before its own scripts. */
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

/** The state of each of them, in the order in which they were opened. */
export const trackStates = (page: Page): Promise<MediaStreamTrackState[]> =>
  page.evaluate(() => window.microphones.map(({ readyState }) => readyState));

/** The resume tokens that the page's sockets bring from now on. */
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
