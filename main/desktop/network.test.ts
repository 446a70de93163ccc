import type { Session } from 'electron';
import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import { app, openFakeWindow, resetFake, session } from '../testing/fake-electron.ts';
import { isRequestAllowed, setupNetwork, setupOffline, UPDATE_HOSTS } from './network.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const policy = { ports: [40_123, 40_124], devTools: false };
const log = vi.fn();
beforeEach(() => {
  resetFake();
  log.mockClear();
});

function guarded(devTools = false): typeof session.defaultSession {
  setupNetwork(session.defaultSession as unknown as Session, { ...policy, devTools }, log);
  return session.defaultSession;
}

test.each([
  'earshot://app/index.html',
  'earshot://app/assets/worklet-B4x_9fQ2.js',
  'blob:earshot://app/8c0f7b1e',
  'data:image/png;base64,AAAA',
  'ws://127.0.0.1:40123/ws/voice?user_id=me',
  'ws://127.0.0.1:40124/ws/voice?user_id=me&session_id=a',
])('our own %s is allowed', async (url) => {
  expect(await guarded().requests(url)).toBe(true);
  expect(log).not.toHaveBeenCalled();
});

test.each([
  'https://evil.example/',
  'http://evil.example/collect?token=a',
  'wss://evil.example/',
  'ws://evil.example:40123/',
  'ws://127.0.0.1.evil.example:40123/',
  'ws://user@evil.example:40123/',
  'ws://127.0.0.1:40125/ws/voice',
  'ws://127.0.0.1/ws/voice',
  'ws://localhost:40123/ws/voice',
  'ws://[::1]:40123/ws/voice',
  'ws://127.0.0.2:40123/ws/voice',
  'wss://127.0.0.1:40123/ws/voice',
  'http://127.0.0.1:40123/metrics',
  'http://127.0.0.1:9222/json',
  'http://192.168.0.1/',
  'http://wpad/wpad.dat',
  'https://redirector.gvt1.com/edgedl/chrome/dict/en-us-10-1.bdic',
  'file:///etc/passwd',
  'ftp://evil.example/',
  'filesystem:earshot://app/temporary/a',
  'chrome://gpu/',
  'chrome-extension://a/b',
  'devtools://devtools/bundled/inspector.html',
  'earshot://evil/',
  'about:blank',
  'not a URL',
  '',
])('H36 %s is blocked', async (url) => {
  expect(await guarded().requests(url)).toBe(false);
});

test('the page of the developer tools is allowed only if windows may have them', async () => {
  expect(await guarded(true).requests('devtools://devtools/bundled/inspector.html')).toBe(true);
  expect(await guarded(true).requests('https://chrome-devtools-frontend.appspot.com/')).toBe(false);
});

test('H36 only our two ports of 127.0.0.1 are allowed', () => {
  const port = fc.oneof(fc.constantFrom(40_123, 40_124), fc.integer({ min: 1, max: 65_535 }));
  const host = fc.oneof(fc.constantFrom('127.0.0.1', 'localhost', '[::1]', '0.0.0.0'), fc.domain(), fc.ipV4());
  fc.assert(
    fc.property(
      fc.constantFrom('http', 'https', 'ws', 'wss'),
      host,
      port,
      fc.webPath(),
      (scheme, name, number, path) => {
        const ours = scheme === 'ws' && name === '127.0.0.1' && policy.ports.includes(number);
        expect(isRequestAllowed(`${scheme}://${name}:${number}${path}`, policy)).toBe(ours);
      },
    ),
  );
});

test('a blocked request is logged without its data, and repeated requests do not fill the log', async () => {
  const network = guarded();
  for (let i = 0; i < 1_000; i++) await network.requests(`https://evil.example:8443/?stolen=${i}`, 'image');
  expect(log).toHaveBeenCalledTimes(20);
  for (const call of log.mock.calls) {
    expect(call).toEqual(['WARNING', { type: 'request_blocked', kind: 'image', to: 'https://evil.example:8443' }]);
  }
});

test('no spell checker dictionary is downloaded, and WebRTC cannot use UDP', () => {
  expect(guarded().spellChecker).toBe(false);
  expect(openFakeWindow().webContents.webRtcPolicy).toBe('disable_non_proxied_udp');
});

test('Chromium resolves only 127.0.0.1 and does not look for a proxy', () => {
  setupOffline();
  expect([...app.switches]).toEqual([
    ['host-resolver-rules', 'MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    ['no-proxy-server', ''],
  ]);
});

test('a build with updates resolves exactly the hosts of releases, and no page may connect to them', async () => {
  setupOffline({ updates: true });
  expect(app.switches.get('host-resolver-rules')).toBe(
    'MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE github.com, EXCLUDE release-assets.githubusercontent.com, EXCLUDE objects.githubusercontent.com',
  );
  for (const host of UPDATE_HOSTS) expect(await guarded().requests(`https://${host}/`)).toBe(false);
});
