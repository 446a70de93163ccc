import { expect, test } from 'vitest';
import { isOwnUrl } from './origin.ts';

test.each(['earshot://app', 'earshot://app/', 'earshot://app/index.html', 'earshot://app/index.html?x=1#y'])(
  '%s is our own',
  (url) => expect(isOwnUrl(url)).toBe(true),
);

test.each([
  undefined,
  '',
  'null',
  'about:blank',
  'about:srcdoc',
  'earshot://',
  'earshot://app.evil/',
  'earshot://evil/index.html',
  'earshot://app:1/',
  'earshot://someone@app/',
  'earshot:app',
  'http://app/',
  'https://earshot/app',
  'file:///index.html',
  'data:text/html,earshot://app/',
  'blob:earshot://app/0',
])('%s is not', (url) => expect(isOwnUrl(url)).toBe(false));
