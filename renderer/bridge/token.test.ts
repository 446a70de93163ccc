import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { keepToken, type TokenStorage, takeToken, watchForToken } from './token.ts';

const TOKEN = 'aZ09-_'.repeat(7);

function fakeWindow(hash: string, stored: Record<string, string> = {}) {
  const memory = new Map(Object.entries(stored));
  return {
    location: { hash, pathname: '/', search: '?a=1' },
    history: { state: { kept: true }, replaceState: vi.fn() },
    sessionStorage: {
      getItem: (key: string) => memory.get(key) ?? null,
      setItem: (key: string, value: string) => void memory.set(key, value),
      removeItem: (key: string) => void memory.delete(key),
    },
    memory,
  };
}

describe('the token of a tab', () => {
  test('is read from the fragment, removed from the address bar, and stored for a reload', () => {
    const first = fakeWindow(`#token=${TOKEN}`);
    expect(takeToken(first)).toBe(TOKEN);
    expect(first.history.replaceState).toHaveBeenCalledExactlyOnceWith({ kept: true }, '', '/?a=1');
    const reloaded = { ...first, location: { ...first.location, hash: '' } };
    expect(takeToken(reloaded)).toBe(TOKEN);
  });

  test('of a newer address replaces the stored one', () => {
    const tab = fakeWindow(`#token=${TOKEN}`);
    takeToken(tab);
    expect(takeToken({ ...tab, location: { ...tab.location, hash: '#token=newer' } })).toBe('newer');
    expect([...tab.memory.values()]).toEqual(['newer']);
  });

  test('is null if there is none, and the address is not changed', () => {
    const tab = fakeWindow('');
    expect(takeToken(tab)).toBeNull();
    expect(tab.history.replaceState).not.toHaveBeenCalled();
  });

  test.each(['#token=', '#token=a%20b', '#token=a,b', '#token=%0d%0a', `#token=${'x'.repeat(129)}`])(
    'is null for %s, which is not valid in a subprotocol, and nothing is stored',
    (hash) => {
      const tab = fakeWindow(hash);
      expect(takeToken(tab)).toBeNull();
      expect(tab.memory.size).toBe(0);
      expect(tab.history.replaceState).toHaveBeenCalledTimes(1);
    },
  );

  test('works without storage, if the browser forbids it', () => {
    const forbid = () => {
      throw new DOMException('forbidden', 'SecurityError');
    };
    const storage = { getItem: forbid, setItem: forbid, removeItem: forbid };
    const tab: TokenStorage = { ...fakeWindow(`#token=${TOKEN}`), sessionStorage: storage };
    expect(takeToken(tab)).toBe(TOKEN);
    keepToken(tab, TOKEN);
    keepToken(tab, null);
    expect(takeToken({ ...tab, location: { ...tab.location, hash: '' } })).toBeNull();
  });

  test('H66 is removed from the storage while another program answers at the address, and stored again when the host is back', () => {
    const tab = fakeWindow(`#token=${TOKEN}`);
    takeToken(tab);
    keepToken(tab, null);
    expect(tab.memory.size).toBe(0);
    keepToken(tab, TOKEN);
    expect(takeToken({ ...tab, location: { ...tab.location, hash: '' } })).toBe(TOKEN);
  });
});

test('property: for any fragment it is null or valid in a subprotocol, and is removed from the address bar', () => {
  const fragment = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('token=', '&', '%', '%00', '+', 'aZ09-_', '=', '\n', ','), { maxLength: 8 })
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(fragment, fc.option(fc.string()), (text, stored) => {
      const tab = fakeWindow(`#${text}`, stored === null ? {} : { 'earshot.token': stored });
      const token = takeToken(tab);
      if (token !== null) {
        expect(token).toMatch(/^[A-Za-z0-9_-]{1,128}$/);
        expect(takeToken({ ...tab, location: { ...tab.location, hash: '' } })).toBe(token);
      }
      const hasToken = new URLSearchParams(text).has('token');
      expect(tab.history.replaceState).toHaveBeenCalledTimes(hasToken ? 1 : 0);
    }),
    { numRuns: 200 },
  );
});

test('a new token in the address reloads the page; other fragments do not', () => {
  const reload = vi.fn();
  let moved = (): void => undefined;
  const location = { hash: '', reload };
  watchForToken({ location, addEventListener: (_event, listener) => (moved = listener) });
  for (const hash of ['', '#', '#log', '#tokens=x']) {
    location.hash = hash;
    moved();
  }
  expect(reload).not.toHaveBeenCalled();
  location.hash = '#token=another';
  moved();
  expect(reload).toHaveBeenCalledTimes(1);
});
