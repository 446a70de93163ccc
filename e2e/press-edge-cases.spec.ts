import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

/** Holds a key down until it has repeated this many times. */
async function hold({ page }: EarshotWindow, key: string, repeats: number): Promise<void> {
  // Playwright marks every `down` of a pressed key as a repeat.
  for (let i = 0; i <= repeats; i++) await page.keyboard.down(key);
  await page.keyboard.up(key);
}

const presses = (log: { text: string }[]) => log.filter(({ text }) => text.includes('Mic button pressed')).length;

test('H61 Enter held on the mic is one press, and so is a short press of Space', async ({ app }) => {
  const earshot = await app.open();
  await earshot.mic.focus();
  for (const [key, view] of [
    ['Enter', 'listening'],
    ['Enter', 'idle'],
    ['Space', 'listening'],
    ['Space', 'idle'],
  ] as const) {
    // Space held for longer talks until its release (ways-to-talk.spec.ts).
    await hold(earshot, key, key === 'Enter' ? 18 : 0);
    await earshot.expectView(view);
    if (view === 'listening') await earshot.expectListenedFor(1);
  }
  await app.recordings(2);
  await expect.poll(() => presses(app.log())).toBe(4);
});

test('H61 Enter held on a button that disappears presses it once, and does not press the mic that gets the focus', async ({
  app,
}) => {
  app.allowErrors(/MIC_FAILED/);
  const earshot = await app.open({
    initScript: () => {
      let failures = 1;
      const media = navigator.mediaDevices;
      const open = media.getUserMedia.bind(media);
      media.getUserMedia = async (constraints) => {
        if (failures-- > 0) throw new DOMException('held by another program', 'NotReadableError');
        return open(constraints);
      };
    },
  });
  await earshot.press();
  await earshot.expectView('error');
  await earshot.retry.focus();
  await hold(earshot, 'Enter', 18);
  await earshot.expectView('listening');
  await expect(earshot.mic).toBeFocused();
  await expect.poll(() => presses(app.log())).toBe(2);
  await earshot.expectListenedFor(1);
  await earshot.press();
  await app.recordings(1);
});

test('H61 Space presses the mic when nothing or the log is focused, and types a space in a field', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.showLog();
  await page.locator('h1').click();
  await page.keyboard.press('Space');
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);
  await earshot.logSearch.fill('a');
  await page.keyboard.press('Space');
  await expect(earshot.logSearch).toHaveValue('a ');
  await earshot.logSearch.fill('');
  await earshot.expectView('listening');
  await page.getByTestId('log-list').focus();
  await page.keyboard.press('Space');
  await earshot.expectView('idle');
  await app.recordings(1);
});

test('H61 playback stops when the microphone opens, and cannot start while it is on', async ({ app }) => {
  const earshot = await app.open();
  await earshot.press();
  await earshot.expectListenedFor(2);
  await earshot.press();
  await earshot.play.click();
  await expect(earshot.play).toHaveAttribute('data-status', 'playing');
  // While listening, recordings can be played from the list only.
  await earshot.showRecordings();
  const listed = earshot.recordingRows.getByTestId('recording-play');
  await expect(listed).toHaveAttribute('data-status', 'playing');
  await earshot.press();
  await expect(listed).toHaveAttribute('data-status', 'paused');
  await earshot.expectView('listening');
  await listed.click({ force: true });
  await expect(listed).toHaveAttribute('data-status', 'paused');
  await expect(listed).toHaveAttribute('aria-disabled', 'true');
  await earshot.expectListenedFor(1);
  await earshot.press();
  await earshot.expectView('idle');
  await listed.last().click();
  await expect(listed.last()).toHaveAttribute('data-status', 'playing');
});

/**
 * An init script that makes each track deliver only 10 ms of audio every 50 ms, so that a turn is too short to keep
 * even if a busy machine needs long between two presses.
 */
function installSparseAudio(): void {
  const [sampleRate, numberOfFrames] = [48_000, 480];
  const data = Float32Array.from({ length: numberOfFrames }, (_, i) => Math.sin(i / 10) / 2);
  const chunk = { format: 'f32-planar', sampleRate, numberOfFrames, numberOfChannels: 1, data } as const;
  class SparseTrackProcessor {
    readonly readable = new ReadableStream<AudioData>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        controller.enqueue(new AudioData({ ...chunk, timestamp: 0 }));
      },
    });
  }
  Object.assign(window, { MediaStreamTrackProcessor: SparseTrackProcessor });
}

test('H61 a turn that is stopped at once is not saved, and the window says so; a setting saves it', async ({ app }) => {
  const earshot = await app.open({ initScript: installSparseAudio });
  const { page } = earshot;
  const note = page.getByTestId('recording-discarded');
  /** Presses the mic, and again as soon as it listens. */
  const pressTwice = () =>
    earshot.mic.evaluate(
      (mic: HTMLElement) =>
        new Promise<void>((resolve) => {
          const listens = new MutationObserver(() => {
            if (document.querySelector('[data-view="listening"]') === null) return;
            listens.disconnect();
            mic.click();
            resolve();
          });
          listens.observe(document.body, { subtree: true, attributeFilter: ['data-view'] });
          mic.click();
        }),
    );
  await pressTwice();
  await expect(note).toContainText(/^Too short to keep \(0\.\d+\ss\)\.$/);
  await expect(earshot.recording).toHaveCount(0);
  await app.recordings(0);
  expect(readdirSync(join(app.dataDir, 'recordings'))).toEqual([]);
  expect(app.log().some(({ event }) => event === 'RECORDING_SAVED')).toBe(false);

  await earshot.openSettings('recordings');
  await page.getByRole('switch', { name: 'Keep very short recordings' }).click();
  await page.keyboard.press('Escape');
  await pressTwice();
  await expect(earshot.recording).toBeVisible();
  await expect(note).toHaveCount(0);
  const [saved] = await app.recordings(1);
  expect(saved?.duration_s).toBeLessThan(0.3);
});
