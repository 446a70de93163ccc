import { recordMicrophones } from './support/page-recorder.ts';
import { expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

declare global {
  interface Window {
    /** Resolves the delayed permission prompts. */
    answerPrompt: () => void;
  }
}

/**
 * Like `recordMicrophones`, but `getUserMedia` resolves after `answerPrompt()`, as while a permission prompt is open.
 */
function delayMicrophones(): void {
  const media = navigator.mediaDevices;
  const open = media.getUserMedia.bind(media);
  const allowed = new Promise<void>((resolve) => {
    window.answerPrompt = resolve;
  });
  window.microphones = [];
  media.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    window.microphones.push(...stream.getAudioTracks());
    await allowed;
    return stream;
  };
}

async function expectMicrophoneOff(earshot: EarshotWindow, within: number): Promise<void> {
  await earshot.page.waitForFunction(
    () => window.microphones.every((track) => track.readyState === 'ended'),
    undefined,
    { timeout: within },
  );
}

test('one press opens one voice socket and one microphone, and the next press closes both', async ({ app }) => {
  const earshot = await app.open({ initScript: recordMicrophones });
  const sockets: string[] = [];
  earshot.page.on('websocket', (socket) => sockets.push(new URL(socket.url()).pathname));
  await earshot.press();
  await earshot.expectView('listening');
  expect(sockets).toEqual(['/ws/voice']);
  expect(await earshot.page.evaluate(() => window.microphones.length)).toBe(1);
  await earshot.press();
  await earshot.expectView('idle');
  await expectMicrophoneOff(earshot, 1_000);
});

test('H15 after a press during the permission prompt, a microphone that is then allowed is stopped within a second', async ({
  app,
}) => {
  const earshot = await app.open({ initScript: delayMicrophones });
  await earshot.press();
  await earshot.page.waitForFunction(() => window.microphones.length === 1);
  await earshot.expectView('connecting');
  await earshot.press();
  await earshot.expectView('idle');
  await earshot.page.evaluate(() => window.answerPrompt());
  await expectMicrophoneOff(earshot, 1_000);
  await earshot.expectView('idle');
  await app.recordings(0);

  await earshot.press();
  await earshot.expectView('listening');
});
