import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { speechLike } from '../../testing/audio/speech-like.ts';
import { ROOT } from '../../testing/host-process.ts';
import { SeededRandom } from '../../testing/seeded-random.ts';
import { openPictureApp } from './picture-app.ts';
import { openPictureEncoder, type RecordedFrame } from './picture-encoder.ts';
import { seedRecordings } from './seed-recordings.ts';

const FOLDER = process.env.EARSHOT_PICTURES ?? join(ROOT, 'docs/images');
const SIZE = { width: 900, height: 640 };
/** Shortest time between two frames of the animation, in ms. */
const FRAME_MS = 110;
/** Longest time that a frame is shown, in ms: where the machine was busy, the animation goes on. */
const MAX_FRAME_MS = 500;
const MAX_BYTES = 1_500_000;
/** A hand needs this long (ms) for a movement of the mouse, in so many steps. */
const MOVE_MS = 330;
const MOVE_STEPS = 6;
/** Time between two typed letters, in ms. */
const TYPE_MS = 45;

/** Not a test: makes the animation of the README from the real desktop app (tools/screenshots.ts). */
for (const theme of ['light', 'dark'] as const) {
  test(`record, rename and play, ${theme}`, () => animate(theme));
}

async function animate(theme: 'light' | 'dark'): Promise<void> {
  test.setTimeout(300_000);
  const sound = speechLike({ seconds: 30, rate: 48_000, random: new SeededRandom(21), peak: -8 });
  const app = await openPictureApp({ sound, seed: seedRecordings });
  try {
    const { earshot } = app;
    const { page } = earshot;
    await page.setViewportSize(SIZE);
    await page.emulateMedia({ colorScheme: theme });
    await expect(earshot.recordingRows.first()).toBeVisible();
    const newest = earshot.recordingRows.first();
    const idOf = (row: Locator) => row.getAttribute('data-recording-id');
    const before = await idOf(newest);
    const recorder = await startRecorder(page);
    const hand = createHand(page, recorder);

    await recorder.wait(500);
    await hand.click(earshot.mic);
    await earshot.expectView('listening');
    await earshot.expectListenedFor(2);
    await hand.click(earshot.mic);
    await earshot.expectView('idle');
    await expect.poll(() => idOf(newest)).not.toBe(before);
    await recorder.wait(400);
    await hand.click(newest);
    await expect(earshot.recordingDetail).toBeVisible();
    await hand.click(page.getByTestId('recording-rename'));
    await page.keyboard.type('A first thought', { delay: TYPE_MS });
    await page.keyboard.press('Enter');
    await hand.click(page.getByTestId('details-play'));
    await recorder.wait(2_000);

    const { frames, endMs } = shortenPauses(await recorder.stop());
    const encoder = await openPictureEncoder();
    const webp = await encoder.animation(frames, endMs);
    await encoder.close();
    console.log(`${frames.length} frames, ${(endMs / 1000).toFixed(1)} s, ${webp.length} bytes`);
    expect(webp.length).toBeLessThanOrEqual(MAX_BYTES);
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, `earshot-${theme}.webp`), webp);
  } finally {
    await app.close();
  }
}

interface Recorder {
  /** Notes where the mouse is from now on. */
  pointTo(pointer: { x: number; y: number }): void;
  /** Lets the recording go on. */
  wait(ms: number): Promise<void>;
  /** @returns the frames, and when the last one ends, in ms since the start */
  stop(): Promise<Recording>;
}

interface Recording {
  frames: RecordedFrame[];
  endMs: number;
}

/** Moves frames forward, so that none is shown for longer than `MAX_FRAME_MS`. */
function shortenPauses({ frames, endMs }: Recording): Recording {
  let at = 0;
  const shown = frames.map((frame, i) => {
    const moved = { ...frame, atMs: at };
    at += Math.min(MAX_FRAME_MS, (frames[i + 1]?.atMs ?? endMs) - frame.atMs);
    return moved;
  });
  return { frames: shown, endMs: at };
}

/** Records what the window draws (Chromium's screencast) and where the mouse is, at most one frame in `FRAME_MS`. */
async function startRecorder(page: Page): Promise<Recorder> {
  const frames: RecordedFrame[] = [];
  const started = performance.now();
  let pointer = { x: SIZE.width / 2, y: SIZE.height - 60 };
  let last: Buffer | null = null;
  const add = (png: Buffer) => {
    last = png;
    const atMs = performance.now() - started;
    const previous = frames.at(-1);
    const frame = { png, atMs, pointer };
    // A picture that follows too soon replaces the one before, and keeps its time.
    if (previous && atMs - previous.atMs < FRAME_MS) frames[frames.length - 1] = { ...frame, atMs: previous.atMs };
    else frames.push(frame);
  };
  add(await page.screenshot());
  const session = await page.context().newCDPSession(page);
  session.on('Page.screencastFrame', ({ data, sessionId }) => {
    add(Buffer.from(data, 'base64'));
    // Chromium waits for this before it sends the next one. The session may have ended meanwhile.
    session.send('Page.screencastFrameAck', { sessionId }).catch(() => {});
  });
  await session.send('Page.startScreencast', { format: 'png', everyNthFrame: 5 });
  return {
    pointTo(to) {
      pointer = to;
      if (last) add(last);
    },
    wait: (ms) => page.waitForTimeout(ms),
    async stop() {
      await session.send('Page.stopScreencast');
      await session.detach();
      return { frames, endMs: performance.now() - started };
    },
  };
}

/** Moves the mouse as a hand does, visibly, and clicks. */
function createHand(page: Page, recorder: Recorder) {
  let [x, y] = [SIZE.width / 2, SIZE.height - 60];
  return {
    async click(target: Locator): Promise<void> {
      const box = await target.boundingBox();
      if (!box) throw new Error('the target is not visible');
      const [fromX, fromY] = [x, y];
      const [toX, toY] = [box.x + Math.min(box.width / 2, 120), box.y + box.height / 2];
      for (let step = 1; step <= MOVE_STEPS; step++) {
        const done = (1 - Math.cos((Math.PI * step) / MOVE_STEPS)) / 2;
        [x, y] = [fromX + (toX - fromX) * done, fromY + (toY - fromY) * done];
        await page.mouse.move(x, y);
        recorder.pointTo({ x, y });
        await recorder.wait(MOVE_MS / MOVE_STEPS);
      }
      await page.mouse.click(x, y);
      await recorder.wait(200);
    },
  };
}
