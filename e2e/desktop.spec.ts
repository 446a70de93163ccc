import { BRIDGE_CALLS, BRIDGE_EVENTS } from '../shared/bridge.ts';
import { expect, test } from './support/test.ts';

test('H34 the page of the desktop app has the bridge and nothing of Node or Electron', async ({ app }) => {
  const { page } = await app.open();
  const surface = await page.evaluate(() => ({
    bridge: Object.keys((window as unknown as { earshot: object }).earshot),
    foreign: ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in window),
  }));
  expect(surface.bridge.sort()).toEqual([...Object.keys(BRIDGE_CALLS), ...Object.keys(BRIDGE_EVENTS)].sort());
  expect(surface.foreign).toEqual([]);
  expect(new URL(page.url()).protocol).toBe('earshot:');
});

test('the app from its source looks for no updates, and says why', async ({ app }) => {
  const { page } = await app.open();
  const desktop = await page.evaluate(() =>
    (window as unknown as { earshot: { getDesktop(): Promise<unknown> } }).earshot.getDesktop(),
  );
  expect(desktop).toMatchObject({ ok: true, value: { update: { state: 'none' }, why_no_updates: 'not_packaged' } });
});
