import { expect, test } from 'vitest';
import { checkLocation } from './check-location.ts';

const NAME = '0123456789abcdef0123456789abcdef.localhost';
const pageAt = (origin: string, controller: unknown = null) =>
  checkLocation({ location: { origin }, navigator: { serviceWorker: { controller } } })?.code ?? null;

test.each([`http://${NAME}:24642`, `http://${NAME}`, 'http://127.0.0.1:24642'])(
  'H67 %s is an address of Earshot',
  (origin) => {
    expect(pageAt(origin)).toBeNull();
  },
);

test.each(['http://localhost:24642', `http://x.${NAME}`, 'http://evil.com', 'http://127.0.0.2'])(
  'H67 %s is not an address of Earshot',
  (origin) => {
    expect(pageAt(origin)).toBe('page_elsewhere');
  },
);

test('H67 a page controlled by a service worker is refused; a browser without service workers is accepted', () => {
  expect(pageAt(`http://${NAME}`, {})).toBe('page_controlled');
  expect(checkLocation({ location: { origin: `http://${NAME}` }, navigator: {} })).toBeNull();
});
