import { beforeEach, expect, test, vi } from 'vitest';
import { app, FakeEvent, FakeWebContents, openFakeWindow, resetFake } from '../testing/fake-electron.ts';
import { setupNavigation } from './navigation.ts';
import { START_URL } from './origin.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));
beforeEach(resetFake);

test.each(['will-navigate', 'will-redirect', 'will-frame-navigate'])('H36 %s is prevented for every URL', (event) => {
  setupNavigation();
  const { webContents } = openFakeWindow();
  for (const url of ['https://evil.example/', 'file:///etc/passwd', 'earshot://app/other.html']) {
    expect(webContents.prevents(event, { url })).toBe(true);
  }
});

test('H36 our page is loaded again after a navigation to about:blank, which cannot be prevented', () => {
  setupNavigation();
  const { webContents } = openFakeWindow();
  webContents.emit('did-navigate', new FakeEvent(), START_URL);
  expect(webContents.loaded).toEqual([]);
  webContents.emit('did-navigate', new FakeEvent(), 'about:blank');
  expect(webContents.loaded).toEqual([START_URL]);
});

test('other pages, such as the developer tools, are not reloaded', () => {
  setupNavigation();
  const { webContents } = openFakeWindow();
  webContents.emit('did-navigate', new FakeEvent(), 'devtools://devtools/bundled/devtools_app.html');
  expect(webContents.loaded).toEqual([]);
});

test('H36 a webview is never attached', () => {
  setupNavigation();
  expect(openFakeWindow().webContents.prevents('will-attach-webview')).toBe(true);
});

test('H36 the page cannot open windows', () => {
  setupNavigation();
  const { webContents } = openFakeWindow();
  expect(webContents.windowOpenHandler?.({ url: 'earshot://app/index.html' })).toEqual({ action: 'deny' });
  expect(webContents.windowOpenHandler?.({ url: 'https://evil.example/' })).toEqual({ action: 'deny' });
});

test('H36 the rules apply to all web contents, also those without a window', () => {
  setupNavigation();
  openFakeWindow();
  const second = openFakeWindow().webContents;
  const withoutWindow = new FakeWebContents();
  app.emit('web-contents-created', new FakeEvent(), withoutWindow);
  for (const contents of [second, withoutWindow]) {
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview']) {
      expect(contents.prevents(event, { url: 'https://evil.example/' })).toBe(true);
    }
    expect(contents.windowOpenHandler?.({ url: 'https://evil.example/' })).toEqual({ action: 'deny' });
  }
});
