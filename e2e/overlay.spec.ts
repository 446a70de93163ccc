import type { ElectronApplication, Page } from '@playwright/test';
import { run } from './support/linux-desktop/programs.ts';
import { expect, requirePrograms, test } from './support/linux-desktop/test.ts';
import { expectMinimised, minimise, startOpenbox } from './support/linux-desktop/x11.ts';

requirePrograms('openbox', 'xdotool', 'xprop');

/** The overlay's page; null: there is none. */
function overlayOf(electron: ElectronApplication): Page | null {
  return electron.windows().find((page) => page.url().endsWith('/overlay.html')) ?? null;
}

async function openOverlay(electron: ElectronApplication): Promise<Page> {
  await minimise(electron);
  await expect.poll(() => overlayOf(electron)?.url()).toBe('earshot://app/overlay.html');
  return overlayOf(electron) as Page;
}

/** What the window manager and Electron know of the overlay. */
function stateOf(electron: ElectronApplication) {
  return electron.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows().find(({ webContents }) =>
      webContents.getURL().endsWith('overlay.html'),
    );
    return (
      window && {
        id: window.getNativeWindowHandle().readUInt32LE(0),
        visible: window.isVisible(),
        focused: window.isFocused(),
      }
    );
  });
}

test('a minimised window that records has an overlay with level, time, pause and stop, which takes no focus', async ({
  app,
  stopAfterTest,
}) => {
  await stopAfterTest(startOpenbox());
  const earshot = await app.open();
  const electron = app.electron();
  await earshot.press();
  await earshot.expectView('listening');
  expect(overlayOf(electron)).toBeNull();

  const overlay = await openOverlay(electron);
  const find = (id: string) => overlay.getByTestId(`overlay-${id}`);
  await expect(find('state')).toHaveText('Recording');
  await expect.poll(() => stateOf(electron)).toMatchObject({ visible: true, focused: false });
  const { id } = (await stateOf(electron)) as { id: number };
  const states = () => run('xprop', ['-id', String(id), '_NET_WM_STATE']);
  await expect.poll(states).toContain('_NET_WM_STATE_ABOVE');
  const level = () => find('bar').evaluate((bar) => Number(bar.style.getPropertyValue('--level')));
  await expect.poll(level, { message: 'the level of the voice' }).toBeGreaterThan(0.3);
  await expect(find('clock')).not.toHaveText('0:00');
  if (process.env.EARSHOT_PICTURES) await overlay.screenshot({ path: `${process.env.EARSHOT_PICTURES}/overlay.png` });
  if (process.env.EARSHOT_PICTURES)
    await run('import', ['-window', 'root', `${process.env.EARSHOT_PICTURES}/root.png`]);

  // The tooltip is the button's name, inside the small window; Escape closes it.
  const tooltip = () =>
    find('pause').evaluate((button) => {
      const { visibility, content } = getComputedStyle(button, '::after');
      return visibility === 'visible' ? content : null;
    });
  await overlay.mouse.move(2, 2);
  expect(await tooltip()).toBeNull();
  await find('pause').hover();
  await expect.poll(tooltip).toBe('"Pause"');
  if (process.env.EARSHOT_PICTURES)
    await overlay.screenshot({ path: `${process.env.EARSHOT_PICTURES}/overlay-tooltip.png` });
  await find('pause').press('Escape');
  expect(await find('pause').getAttribute('data-tooltip')).toBeNull();
  expect(await find('pause').getAttribute('title')).toBeNull();

  await find('pause').click();
  await earshot.expectView('paused');
  await expect(find('state')).toHaveText('Paused');
  await find('pause').click();
  await earshot.expectView('listening');
  await expect(find('state')).toHaveText('Recording');

  await electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .sort((a, b) => a.id - b.id)[0]
      ?.restore(),
  );
  await expectMinimised(electron, false);
  await expect.poll(() => overlayOf(electron)).toBeNull();

  const again = await openOverlay(electron);
  await again.getByTestId('overlay-stop').click();
  await expect.poll(() => overlayOf(electron)).toBeNull();
  await earshot.expectView('idle');
  await app.recordings(1);
});

test('H34 the overlay’s page can pause and stop, and nothing else', async ({ app, stopAfterTest }) => {
  await stopAfterTest(startOpenbox());
  app.allowErrors(/Content Security Policy|request_blocked|ERR_|Failed to load|NotAllowed|Refused to/);
  const earshot = await app.open();
  const electron = app.electron();
  await earshot.press();
  await earshot.expectView('listening');
  const overlay = await openOverlay(electron);
  await expect(overlay.getByTestId('overlay-state')).toHaveText('Recording');
  expect(
    await overlay.evaluate(() => ({
      bridge: 'earshot' in window,
      own: Object.keys((window as { earshotOverlay?: object }).earshotOverlay ?? {}).sort(),
      node: 'require' in window || 'process' in window,
    })),
  ).toEqual({ bridge: false, own: ['onLevel', 'onTurn', 'send'], node: false });
  const attempts = await overlay.evaluate(async () => {
    const outcome = (attempt: () => Promise<unknown>) =>
      attempt().then(
        () => 'worked',
        () => 'refused',
      );
    return {
      microphone: await outcome(() => navigator.mediaDevices.getUserMedia({ audio: true })),
      fetch: await outcome(() => fetch('earshot://app/index.html')),
      clipboard: await outcome(() => navigator.clipboard.writeText('x')),
    };
  });
  expect(attempts).toEqual({ microphone: 'refused', fetch: 'refused', clipboard: 'refused' });
  // Words that are no commands do not leave the preload script.
  await overlay.evaluate(() =>
    (window as unknown as { earshotOverlay: { send(command: string): void } }).earshotOverlay.send('start'),
  );
  await overlay.getByTestId('overlay-stop').click();
  await earshot.expectView('idle');
});
