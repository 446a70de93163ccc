import type { Page } from '@playwright/test';
import { startForeignServer } from './support/foreign-server.ts';
import { expect, test } from './support/test.ts';

/** Permissions that the page never requests, by their names in Permissions Policy. */
const UNWANTED = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'midi',
  'payment',
  'serial',
  'usb',
];

/** Requests permissions from a page. @returns what was granted, or `refused` */
function requestAll(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const media = async (constraints: MediaStreamConstraints) => {
      const stream = await navigator.mediaDevices.getUserMedia(constraints);
      return stream
        .getTracks()
        .map((track) => track.kind)
        .sort()
        .join(' and ');
    };
    const requests: Record<string, () => Promise<unknown>> = {
      microphone: () => media({ audio: true }),
      camera: () => media({ video: true }),
      // Chromium grants those of the two that are allowed.
      both: () => media({ audio: true, video: true }),
      geolocation: () => new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject)),
    };
    const results: Record<string, string> = {};
    for (const [permission, get] of Object.entries(requests)) {
      results[permission] = await get().then(
        (result) => (typeof result === 'string' ? result : 'given'),
        () => 'refused',
      );
    }
    return results;
  });
}

/** The permissions that the page's policy allows. */
function allowed(page: Page, permissions: readonly string[]): Promise<string[]> {
  return page.evaluate((permissions) => {
    // Specific to Chromium; there is no standard API.
    const { featurePolicy } = document as unknown as { featurePolicy: { allowsFeature(name: string): boolean } };
    return permissions.filter((permission) => featurePolicy.allowsFeature(permission));
  }, permissions);
}

test('H35 a browser that grants every permission gives the app page only the microphone', async ({ app }) => {
  app.allowErrors(/[Pp]ermissions [Pp]olicy/);
  const { page } = await app.open();
  const context = page.context();
  await context.grantPermissions(['microphone', 'camera', 'geolocation']);
  await context.setGeolocation({ latitude: 0, longitude: 0 });
  expect(await requestAll(page)).toEqual({
    microphone: 'audio',
    camera: 'refused',
    both: 'audio',
    geolocation: 'refused',
  });
  expect(await allowed(page, ['microphone', ...UNWANTED])).toEqual(['microphone']);

  // The same browser grants all of them to a page without the app's Permissions-Policy header.
  const foreign = await startForeignServer();
  try {
    await page.goto(`http://127.0.0.1:${foreign.port}/`);
    expect(await requestAll(page)).toEqual({
      microphone: 'audio',
      camera: 'video',
      both: 'audio and video',
      geolocation: 'given',
    });
    expect(await allowed(page, UNWANTED)).toEqual(UNWANTED);
  } finally {
    await foreign.close();
  }
});
