import type { Frame, Page } from '@playwright/test';
import { expect, test } from './support/test.ts';

/** Requests each permission from a frame. @returns what was granted, or `refused` */
function requestAll(frame: Page | Frame): Promise<Record<string, string>> {
  return frame.evaluate(async () => {
    const media = async (stream: Promise<MediaStream>) => {
      const tracks = (await stream).getTracks();
      for (const track of tracks) track.stop();
      return tracks
        .map(({ kind }) => kind)
        .sort()
        .join(' and ');
    };
    const { mediaDevices, geolocation, clipboard } = navigator;
    const devices = navigator as unknown as Record<'hid' | 'usb' | 'serial', { requestDevice?(o: object): unknown }>;
    const requests: Record<string, () => unknown> = {
      microphone: () => media(mediaDevices.getUserMedia({ audio: true })),
      camera: () => media(mediaDevices.getUserMedia({ video: true })),
      'microphone and camera': () => media(mediaDevices.getUserMedia({ audio: true, video: true })),
      screen: () => media(mediaDevices.getDisplayMedia()),
      geolocation: () => new Promise((resolve, reject) => geolocation.getCurrentPosition(resolve, reject)),
      notifications: () => Notification.requestPermission(),
      midi: () => navigator.requestMIDIAccess({ sysex: true }),
      'reading the clipboard': () => clipboard.readText(),
      'all of the clipboard': () => clipboard.read(),
      'pointer lock': () => document.body.requestPointerLock(),
      'idle detection': () =>
        (window as unknown as { IdleDetector: { requestPermission(): unknown } }).IdleDetector.requestPermission(),
      hid: () => devices.hid.requestDevice?.({ filters: [] }),
      usb: () => devices.usb.requestDevice?.({ filters: [] }),
    };
    const results: Record<string, string> = {};
    for (const [permission, get] of Object.entries(requests)) {
      try {
        const granted = await get();
        results[permission] = granted === 'denied' ? 'refused' : String(granted);
      } catch {
        results[permission] = 'refused';
      }
    }
    return results;
  });
}

const granted = (results: Record<string, string>) =>
  Object.keys(results).filter((name) => !['refused', 'denied', 'unknown'].includes(results[name] ?? ''));

/** The state of each permission that a page can query. */
function permissionStates(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const names = [
      ...['microphone', 'camera', 'geolocation', 'notifications', 'midi', 'clipboard-read', 'clipboard-write'],
      ...['background-sync', 'persistent-storage', 'screen-wake-lock', 'accelerometer', 'local-fonts'],
      ...['window-management', 'idle-detection', 'payment-handler'],
    ];
    const found: Record<string, string> = {};
    for (const name of names) {
      const query = navigator.permissions.query({ name: name as PermissionName });
      // This version of Chromium may not know the name.
      found[name] = await query.then(
        ({ state }) => state,
        () => 'unknown',
      );
    }
    return found;
  });
}

test('H35 the app’s page may use the microphone and copy text, a frame in it gets nothing, and all else is refused', async ({
  app,
}) => {
  app.allowErrors(/[Pp]ermissions [Pp]olicy/);
  const { page } = await app.open({ permission: 'app' });
  const { microphone, ...others } = await requestAll(page);
  expect(microphone).toBe('audio');
  expect(granted(others)).toEqual([]);
  expect(granted(await permissionStates(page))).toEqual(['microphone', 'clipboard-write']);
  await page.evaluate(() => navigator.clipboard.writeText('copied'));
  expect(await app.electron().evaluate(({ clipboard }) => clipboard.readText())).toBe('copied');
  // A refused request for full screen is never answered, so check the window instead.
  await page.evaluate(() => void document.documentElement.requestFullscreen());
  expect(await page.evaluate(() => document.fullscreenElement)).toBeNull();

  await page.evaluate(() => void document.body.append(document.createElement('iframe')));
  const [, frame] = page.frames();
  if (!frame) throw new Error('no frame');
  expect(granted(await requestAll(frame))).toEqual([]);

  // Without the app's handlers Electron grants the permissions, so it was the app that refused them.
  await app.electron().evaluate(({ session }) => {
    session.defaultSession.setPermissionRequestHandler(null);
    session.defaultSession.setPermissionCheckHandler(null);
  });
  expect(await requestAll(page)).toMatchObject({ notifications: 'granted', 'reading the clipboard': 'copied' });
});
