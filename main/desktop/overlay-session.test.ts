import { beforeEach, expect, test, vi } from 'vitest';
import { type FakeSession, resetFake } from '../testing/fake-electron.ts';
import { createOverlaySession, overlayHeaders } from './overlay-session.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

beforeEach(resetFake);

test('H34 the overlay gets no permission, in neither way', async () => {
  const own = createOverlaySession() as unknown as FakeSession;
  const details = { isMainFrame: true, requestingUrl: 'earshot://app/overlay.html', mediaTypes: ['audio'] };
  for (const permission of ['media', 'clipboard-sanitized-write', 'loopback-network']) {
    expect(await own.request(permission, details)).toBe(false);
    expect(own.check(permission, 'earshot://app', details)).toBe(false);
  }
});

test('H36 the overlay’s page may connect nowhere, play nothing and use no microphone', () => {
  const headers = overlayHeaders();
  expect(headers['Content-Security-Policy']).toMatch(/^default-src 'none'; /);
  expect(headers['Content-Security-Policy']).not.toMatch(/connect-src|media-src|worker-src|unsafe-|data:/);
  expect(headers['Permissions-Policy']).toContain('microphone=()');
});
