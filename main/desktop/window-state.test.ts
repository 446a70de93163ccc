import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BrowserWindow, openFakeWindow, resetFake, screen } from '../testing/fake-electron.ts';
import { createWindowState, FRAME_DETECTION_MS, SETTLE_MS } from './window-state.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

let dir: string;
let file: string;
const log = vi.fn();
beforeEach(async () => {
  resetFake();
  log.mockClear();
  dir = await mkdtemp(join(tmpdir(), 'earshot-window-'));
  file = join(dir, 'window.json');
  vi.useFakeTimers();
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(dir, { recursive: true, force: true });
});

const stored = async (): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));
/** Opens a window with its restored bounds. */
function tracked(state = createWindowState({ dir, log })) {
  const window = openFakeWindow();
  state.track(window as never);
  return { window, state };
}

test('a drag is written after it has ended, and is restored at the next launch', async () => {
  const { window } = tracked();
  for (let x = 0; x < 50; x++) {
    window.setBounds({ x, y: 40, width: 700, height: 600 });
    vi.advanceTimersByTime(SETTLE_MS - 1);
  }
  expect(await readdir(dir)).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(await stored()).toEqual({ x: 49, y: 40, width: 700, height: 600, mode: 'normal' });
  window.close();
  expect(createWindowState({ dir, log }).nextBounds(null)).toEqual({
    bounds: { x: 49, y: 40, width: 700, height: 600 },
    mode: 'normal',
  });
});

test('only the owner can read the file, and no temporary file remains', async (context) => {
  context.skip(process.platform === 'win32', 'Windows keeps a profile private by other means than modes');
  const umask = process.umask(0);
  try {
    tracked().window.close();
  } finally {
    process.umask(umask);
  }
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(dir)).toEqual(['window.json']);
});

test('the bounds are written immediately when a window closes or the app quits', async () => {
  const { window, state } = tracked();
  window.setBounds({ x: 1, y: 2 });
  window.close();
  expect(await stored()).toMatchObject({ x: 1, y: 2 });
  const second = tracked(state).window;
  second.setBounds({ x: 3, y: 4 });
  state.flush();
  expect(await stored()).toMatchObject({ x: 3, y: 4 });
  expect(vi.getTimerCount()).toBe(0);
});

test('maximised and full screen are stored with the normal bounds', async () => {
  const { window, state } = tracked();
  window.setBounds({ x: 10, y: 20, width: 700, height: 600 });
  window.maximize();
  state.flush();
  expect(await stored()).toEqual({ x: 10, y: 20, width: 700, height: 600, mode: 'maximized' });
  window.setFullScreen(true);
  state.flush();
  expect(await stored()).toMatchObject({ mode: 'full_screen' });
});

test('the bounds of a minimised window are ignored', async () => {
  const { window, state } = tracked();
  window.maximize();
  state.flush();
  window.minimized = true;
  window.maximized = false;
  window.setBounds({ x: -32000, y: -32000 });
  state.flush();
  expect(await stored()).toMatchObject({ x: 0, mode: 'maximized' });
});

test.each(['', '{"x":1', '{"x":"1"}', '{"x":0.5,"y":0,"width":0,"height":-1,"mode":"huge"}', 'null', '[]'])(
  'a damaged file (%j) is treated as a first start',
  async (text) => {
    await writeFile(file, text);
    expect(createWindowState({ dir, log }).nextBounds(null)).toEqual({
      bounds: { width: 960, height: 720 },
      mode: 'normal',
    });
  },
);

test('a window whose display is gone opens on another', async () => {
  screen.areas = [{ x: 0, y: 0, width: 1920, height: 1080 }];
  await writeFile(file, JSON.stringify({ x: 2500, y: 0, width: 700, height: 600, mode: 'normal' }));
  expect(createWindowState({ dir, log }).nextBounds(null).bounds).toEqual({ width: 700, height: 600 });
});

test('a second window is offset from the one used last, regardless of the file', () => {
  const { window, state } = tracked();
  window.setBounds({ x: 100, y: 100, width: 500, height: 400 });
  expect(state.nextBounds(window as never).bounds).toEqual({ x: 128, y: 128, width: 500, height: 400 });
  openFakeWindow().setBounds({ x: 900, y: 500, width: 400, height: 400 });
  expect(state.nextBounds(window as never).bounds).toMatchObject({ x: 128, y: 128 });
  expect(BrowserWindow.all).toHaveLength(2);
});

test('H45 a folder that is not writable is logged once and does not affect windows', () => {
  const { window, state } = tracked(createWindowState({ dir: join(dir, 'gone'), log }));
  for (const x of [1, 2, 3]) {
    window.setBounds({ x });
    state.flush();
  }
  expect(log).toHaveBeenCalledTimes(1);
  expect(log).toHaveBeenCalledWith('WARNING', expect.objectContaining({ type: 'window_state_not_saved' }));
});

/** A window on X11: positioned by its frame, but reporting the position of its content. */
function shownOnX11(frame = { x: 5, y: 24 }) {
  const state = createWindowState({ dir, log, platform: 'linux' });
  const window = new BrowserWindow({ x: 200, y: 150, width: 700, height: 600 });
  state.track(window as never);
  window.show();
  if (frame.x > 0 || frame.y > 0) window.setBounds({ x: 200 + frame.x, y: 150 + frame.y });
  return { state, window };
}

test('adding a frame is not a move: the window keeps its position at every start', async () => {
  const { state } = shownOnX11();
  state.flush();
  expect(await stored()).toEqual({ x: 200, y: 150, width: 700, height: 600, mode: 'normal' });
});

test('a dragged window with a frame opens where it was dragged to', async () => {
  const { state, window } = shownOnX11();
  vi.advanceTimersByTime(10 * FRAME_DETECTION_MS);
  window.setBounds({ x: 405, y: 324 });
  state.flush();
  expect(await stored()).toMatchObject({ x: 400, y: 300 });
});

test.each([
  ['maximised', (window: BrowserWindow) => window.maximize(), (window: BrowserWindow) => window.unmaximize()],
  [
    'full screen',
    (window: BrowserWindow) => window.setFullScreen(true),
    (window: BrowserWindow) => window.setFullScreen(false),
  ],
])(
  'a window that gets its frame only when it is no longer %s keeps its position, however late that is',
  async (_mode, begin, end) => {
    const { state, window } = shownOnX11({ x: 0, y: 0 });
    begin(window);
    vi.advanceTimersByTime(10 * FRAME_DETECTION_MS);
    end(window);
    window.setBounds({ x: 205, y: 174 });
    state.flush();
    expect(await stored()).toMatchObject({ x: 200, y: 150, mode: 'normal' });
    // Later moves are made by the user.
    vi.advanceTimersByTime(10 * FRAME_DETECTION_MS);
    window.setBounds({ x: 305, y: 274 });
    state.flush();
    expect(await stored()).toMatchObject({ x: 300, y: 250, mode: 'normal' });
  },
);

test('without a window manager there is no frame, and every move counts', async () => {
  const { state, window } = shownOnX11({ x: 0, y: 0 });
  vi.advanceTimersByTime(FRAME_DETECTION_MS);
  window.setBounds({ x: 210, y: 160 });
  state.flush();
  expect(await stored()).toMatchObject({ x: 210, y: 160 });
});

test('a position chosen by the window manager is stored as reported', async () => {
  const { state, window } = shownOnX11({ x: 0, y: 0 });
  window.setBounds({ x: 700, y: 20 });
  state.flush();
  expect(await stored()).toMatchObject({ x: 700, y: 20 });
});

test.each([
  ['knows its frame', { x: 205, y: 174 }],
  ['reports only the requested position', { x: 200, y: 150 }],
])('a maximised window that %s keeps its position', async (_what, place) => {
  const { state, window } = shownOnX11();
  window.maximize();
  vi.spyOn(window, 'getNormalBounds').mockReturnValue({ ...place, width: 700, height: 600 });
  state.flush();
  expect(await stored()).toEqual({ x: 200, y: 150, width: 700, height: 600, mode: 'maximized' });
});

test('a window that opens in full screen gets its frame when it leaves it', async () => {
  const { state, window } = shownOnX11({ x: 0, y: 0 });
  window.setFullScreen(true);
  window.setBounds({ x: 0, y: 0, width: 1920, height: 1080 });
  window.setFullScreen(false);
  window.setBounds({ x: 201, y: 170, width: 700, height: 600 });
  state.flush();
  expect(await stored()).toEqual({ x: 200, y: 150, width: 700, height: 600, mode: 'normal' });
});

test.each(['darwin', 'win32'] as const)(
  'on %s a window reports the position of its frame: every move counts',
  async (platform) => {
    const state = createWindowState({ dir, log, platform });
    const { window } = tracked(state);
    window.show();
    window.setBounds({ x: 3, y: 4 });
    state.flush();
    expect(await stored()).toMatchObject({ x: 3, y: 4 });
  },
);

test('a window closed during the detection of its frame leaves no timer', () => {
  const { window } = shownOnX11({ x: 0, y: 0 });
  window.close();
  expect(vi.getTimerCount()).toBe(0);
});
