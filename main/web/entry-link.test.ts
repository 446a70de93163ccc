import type { IncomingMessage } from 'node:http';
import { beforeEach, describe, expect, test } from 'vitest';
import { createEntryLink, ENTRY_LIFETIME_MS } from './entry-link.ts';

const ME = 1_000;
let now: number;
let requestUser: number | null;
beforeEach(() => {
  now = 0;
  requestUser = ME;
});

const link = () => createEntryLink({ now: () => now, user: ME, userOf: () => requestUser });
const get = (url: string, method = 'GET') => ({ url, method }) as IncomingMessage;

describe('the entry link', () => {
  test('works once', () => {
    const entry = link();
    const path = entry.renew();
    expect(path).toMatch(/^\/enter\?code=[\w-]{43}$/);
    expect(entry.take(get(path))).toBeNull();
    expect(entry.take(get(path))?.status).toBe(410);
  });

  test('works for a minute', () => {
    const entry = link();
    const [path] = [entry.renew()];
    now = ENTRY_LIFETIME_MS + 1;
    expect(entry.take(get(path))?.status).toBe(410);
    const next = entry.renew();
    now += ENTRY_LIFETIME_MS;
    expect(entry.take(get(next))).toBeNull();
  });

  test('is different each time, and only the last one works', () => {
    const entry = link();
    const [first, second] = [entry.renew(), entry.renew()];
    expect(second).not.toBe(first);
    expect(entry.take(get(first))?.status).toBe(410);
    expect(entry.take(get(second))).toBeNull();
  });

  test('answers every wrong code in the same way, and a wrong code does not use it up', () => {
    const entry = link();
    const before = entry.take(get('/enter?code='));
    const path = entry.renew();
    const misses = [
      '/enter',
      '/enter?',
      '/enter?code=',
      `${path}x`,
      path.slice(0, -1),
      `${path}&a=b`,
      '/enter?code=%00',
    ];
    for (const miss of misses) expect(entry.take(get(miss))).toEqual(before);
    for (const method of ['HEAD', 'POST']) expect(entry.take(get(path, method))).toEqual(before);
    expect(entry.take(get(path))).toBeNull();
  });

  test('does not work for another user of the machine, who does not use it up either', () => {
    const entry = link();
    const path = entry.renew();
    requestUser = ME + 1;
    expect(entry.take(get(path))?.status).toBe(410);
    requestUser = ME;
    expect(entry.take(get(path))).toBeNull();
  });

  test.each([
    ['the user of the connection is unknown', null],
    ['the connection belongs to root, as from a virtual machine', 0],
  ])('works if %s', (_title, user) => {
    const entry = link();
    requestUser = user;
    expect(entry.take(get(entry.renew()))).toBeNull();
  });

  test('is recognised by its path', () => {
    const entry = link();
    expect(['/enter', '/enter?code=a'].every((url) => entry.handles(get(url)))).toBe(true);
    expect(['/', '/enter/', '/entered', '//enter', '/x?/enter'].some((url) => entry.handles(get(url)))).toBe(false);
  });
});
