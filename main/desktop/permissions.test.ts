import type { Session } from 'electron';
import { expect, test, vi } from 'vitest';
import { FakeSession } from '../testing/fake-electron.ts';
import { isAllowed, setupPermissions } from './permissions.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const OURS = 'earshot://app/index.html';
const THEIRS = 'https://evil.example/';
/** Every permission that Electron 45 knows, except those on the allow-list. */
const OTHERS = [
  ...['ar', 'automatic-fullscreen', 'background-fetch', 'background-sync', 'captured-surface-control'],
  ...['clipboard-read', 'deprecated-sync-clipboard-read', 'display-capture', 'fileSystem'],
  ...['fullscreen', 'geolocation', 'geolocation-approximate', 'hand-tracking', 'hid', 'idle-detection', 'keyboardLock'],
  ...['local-fonts', 'local-network', 'mediaKeySystem', 'midi', 'midiSysex', 'nfc', 'notifications', 'openExternal'],
  ...[
    'payment-handler',
    'periodic-background-sync',
    'persistent-storage',
    'pointerLock',
    'screen-wake-lock',
    'sensors',
  ],
  ...['serial', 'smart-card', 'speaker-selection', 'storage-access', 'system-wake-lock', 'top-level-storage-access'],
  ...['usb', 'vr', 'web-app-installation', 'web-printing', 'window-management', 'unknown'],
];

function guarded(askSystem: () => Promise<boolean> = async () => true): FakeSession {
  const session = new FakeSession();
  setupPermissions(session as unknown as Session, askSystem);
  return session;
}

test.each([
  ['the microphone, for our page', { requestingUrl: OURS, isMainFrame: true, mediaTypes: ['audio'] }, true],
  ['the camera', { requestingUrl: OURS, isMainFrame: true, mediaTypes: ['video'] }, false],
  ['audio and video', { requestingUrl: OURS, isMainFrame: true, mediaTypes: ['audio', 'video'] }, false],
  ['media with an empty list of types', { requestingUrl: OURS, isMainFrame: true, mediaTypes: [] }, false],
  ['media without a list of types', { requestingUrl: OURS, isMainFrame: true }, false],
  [
    'the microphone, for a sub-frame of ours',
    { requestingUrl: OURS, isMainFrame: false, mediaTypes: ['audio'] },
    false,
  ],
  ['the microphone, for a foreign page', { requestingUrl: THEIRS, isMainFrame: true, mediaTypes: ['audio'] }, false],
  [
    'the microphone, for about:blank',
    { requestingUrl: 'about:blank', isMainFrame: true, mediaTypes: ['audio'] },
    false,
  ],
  [
    'the microphone, for a host of our scheme',
    { requestingUrl: 'earshot://x/', isMainFrame: true, mediaTypes: ['audio'] },
    false,
  ],
])('H35 request: %s', async (_title, details, granted) => {
  expect(await guarded().request('media', details)).toBe(granted);
});

test.each([
  ['the microphone', 'earshot://app/', { requestingUrl: OURS, isMainFrame: true, mediaType: 'audio' }, true],
  ['media before its type is known', 'earshot://app/', { requestingUrl: OURS, isMainFrame: true }, true],
  ['the camera', 'earshot://app/', { requestingUrl: OURS, isMainFrame: true, mediaType: 'video' }, false],
  ['an unknown type', 'earshot://app/', { requestingUrl: OURS, isMainFrame: true, mediaType: 'unknown' }, false],
  ['a sub-frame', 'earshot://app/', { requestingUrl: OURS, isMainFrame: false, mediaType: 'audio' }, false],
  ['a foreign origin in our page', THEIRS, { requestingUrl: OURS, isMainFrame: true, mediaType: 'audio' }, false],
  ['a foreign page', THEIRS, { requestingUrl: THEIRS, isMainFrame: true, mediaType: 'audio' }, false],
  ['no document', 'earshot://app/', { isMainFrame: false, mediaType: 'audio' }, false],
])('H35 check of media: %s', (_title, origin, details, granted) => {
  expect(guarded().check('media', origin, details)).toBe(granted);
});

test.each(['loopback-network', 'local-network-access'])(
  'H35 %s: for our own page, requested or checked',
  async (name) => {
    const session = guarded();
    expect(await session.request(name, { requestingUrl: OURS, isMainFrame: true })).toBe(true);
    expect(session.check(name, 'earshot://app/', { requestingUrl: OURS, isMainFrame: true })).toBe(true);
    expect(session.check(name, 'earshot://app/', { isMainFrame: false })).toBe(true);
  },
);

test.each(['loopback-network', 'local-network-access'])('H35 %s: denied for other origins', async (name) => {
  const session = guarded();
  expect(await session.request(name, { requestingUrl: THEIRS, isMainFrame: true })).toBe(false);
  expect(await session.request(name, { requestingUrl: OURS, isMainFrame: false })).toBe(false);
  expect(session.check(name, THEIRS, { requestingUrl: THEIRS, isMainFrame: true })).toBe(false);
  expect(session.check(name, 'earshot://app/', { requestingUrl: OURS, isMainFrame: false })).toBe(false);
  expect(session.check(name, 'earshot://app/', { requestingUrl: THEIRS, isMainFrame: true })).toBe(false);
  expect(session.check(name, THEIRS, { isMainFrame: false })).toBe(false);
});

test.each(OTHERS)('H35 %s is denied to our own page, requested and checked', async (name) => {
  const session = guarded();
  expect(await session.request(name, { requestingUrl: OURS, isMainFrame: true, mediaTypes: ['audio'] })).toBe(false);
  expect(session.check(name, 'earshot://app/', { requestingUrl: OURS, isMainFrame: true, mediaType: 'audio' })).toBe(
    false,
  );
});

test.each(['media', 'loopback-network', 'local-network-access', 'clipboard-sanitized-write'])(
  'H35 %s is denied to a page of a foreign origin, whatever the other details are',
  async (name) => {
    const session = guarded();
    for (const url of [
      THEIRS,
      'http://127.0.0.1:1/',
      'file:///index.html',
      'null',
      'earshot://app.evil/',
      'blob:earshot://app/0',
    ]) {
      const details = { requestingUrl: url, isMainFrame: true };
      expect(await session.request(name, { ...details, mediaTypes: ['audio'] })).toBe(false);
      expect(session.check(name, url, { ...details, mediaType: 'audio' })).toBe(false);
      expect(session.check(name, 'earshot://app', { ...details, mediaType: 'audio' })).toBe(false);
    }
  },
);

test('H35 only our own page may copy text', async () => {
  const session = guarded();
  const name = 'clipboard-sanitized-write';
  expect(await session.request(name, { requestingUrl: OURS, isMainFrame: true })).toBe(true);
  expect(session.check(name, 'earshot://app/', { requestingUrl: OURS, isMainFrame: true })).toBe(true);
  expect(await session.request(name, { requestingUrl: THEIRS, isMainFrame: true })).toBe(false);
  expect(session.check(name, 'earshot://app/', { requestingUrl: OURS, isMainFrame: false })).toBe(false);
  expect(session.check(name, 'earshot://app/', { isMainFrame: false })).toBe(false);
});

test('the system decides about the microphone, and a failing system denies it', async () => {
  const details = { requestingUrl: OURS, isMainFrame: true, mediaTypes: ['audio'] };
  expect(await guarded(async () => false).request('media', details)).toBe(false);
  expect(await guarded(() => Promise.reject(new Error('no TCC'))).request('media', details)).toBe(false);
});

test('the system is not asked about permissions that the page may not have', async () => {
  const askSystem = vi.fn(async () => true);
  await guarded(askSystem).request('media', { requestingUrl: THEIRS, isMainFrame: true, mediaTypes: ['audio'] });
  await guarded(askSystem).request('loopback-network', { requestingUrl: OURS, isMainFrame: true });
  expect(askSystem).not.toHaveBeenCalled();
});

test('a request without an origin is checked by its URL', () => {
  const question = { permission: 'media', kind: 'request', url: OURS, isMainFrame: true, media: ['audio'] } as const;
  expect(isAllowed(question)).toBe(true);
  expect(isAllowed({ ...question, url: undefined })).toBe(false);
});
