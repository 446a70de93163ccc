import type { IncomingMessage } from 'node:http';
import { beforeEach, describe, expect, test } from 'vitest';
import { createOneTimeLink, LINK_LIFETIME_MS } from './one-time-link.ts';

const ME = 1_000;
let now: number;
let requestUser: number | null;
beforeEach(() => {
  now = 0;
  requestUser = ME;
});

const link = () => createOneTimeLink({ now: () => now, user: ME, userOf: () => requestUser });
const get = (url: string, method = 'GET') => ({ url, method }) as IncomingMessage;

describe('the one-time link', () => {
  test('works once', () => {
    const oneTimeLink = link();
    const path = oneTimeLink.renew();
    expect(path).toMatch(/^\/enter\?code=[\w-]{43}$/);
    expect(oneTimeLink.take(get(path))).toBeNull();
    expect(oneTimeLink.take(get(path))?.status).toBe(410);
  });

  test('works for a minute', () => {
    const oneTimeLink = link();
    const [path] = [oneTimeLink.renew()];
    now = LINK_LIFETIME_MS + 1;
    expect(oneTimeLink.take(get(path))?.status).toBe(410);
    const next = oneTimeLink.renew();
    now += LINK_LIFETIME_MS;
    expect(oneTimeLink.take(get(next))).toBeNull();
  });

  test('is different each time, and only the last one works', () => {
    const oneTimeLink = link();
    const [first, second] = [oneTimeLink.renew(), oneTimeLink.renew()];
    expect(second).not.toBe(first);
    expect(oneTimeLink.take(get(first))?.status).toBe(410);
    expect(oneTimeLink.take(get(second))).toBeNull();
  });

  test('answers every wrong code in the same way, and a wrong code does not use it up', () => {
    const oneTimeLink = link();
    const before = oneTimeLink.take(get('/enter?code='));
    const path = oneTimeLink.renew();
    const misses = [
      '/enter',
      '/enter?',
      '/enter?code=',
      `${path}x`,
      path.slice(0, -1),
      `${path}&a=b`,
      '/enter?code=%00',
    ];
    for (const miss of misses) expect(oneTimeLink.take(get(miss))).toEqual(before);
    for (const method of ['HEAD', 'POST']) expect(oneTimeLink.take(get(path, method))).toEqual(before);
    expect(oneTimeLink.take(get(path))).toBeNull();
  });

  test('does not work for another user of the machine, who does not use it up either', () => {
    const oneTimeLink = link();
    const path = oneTimeLink.renew();
    requestUser = ME + 1;
    expect(oneTimeLink.take(get(path))?.status).toBe(410);
    requestUser = ME;
    expect(oneTimeLink.take(get(path))).toBeNull();
  });

  test.each([
    ['the user of the connection is unknown', null],
    ['the connection belongs to root, as from a virtual machine', 0],
  ])('works if %s', (_title, user) => {
    const oneTimeLink = link();
    requestUser = user;
    expect(oneTimeLink.take(get(oneTimeLink.renew()))).toBeNull();
  });

  test('is recognised by its path', () => {
    const oneTimeLink = link();
    expect(['/enter', '/enter?code=a'].every((url) => oneTimeLink.handles(get(url)))).toBe(true);
    expect(['/', '/enter/', '/entered', '//enter', '/x?/enter'].some((url) => oneTimeLink.handles(get(url)))).toBe(
      false,
    );
  });
});
