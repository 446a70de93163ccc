import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fillPage } from './page-html.ts';

test.each(['index', 'link-page'])('%s.html gets its head and the sentence for browsers without JavaScript', (name) => {
  const html = fillPage(readFileSync(`renderer/${name}.html`, 'utf8'));

  expect(html).toContain('<title>Earshot</title>');
  expect(html).toContain('<meta charset="utf-8" />');
  expect(html).toContain('<noscript>Earshot needs JavaScript. Allow it for this page, then reload.</noscript>');
  expect(
    html.match(/<meta name="theme-color" media="\(prefers-color-scheme: (?:light|dark)\)" content="#/g),
  ).toHaveLength(2);
  expect(html).not.toContain('<!--');
});

test('a file without the comment for the head fails the build', () => {
  expect(() => fillPage('<!doctype html>')).toThrow('<!-- head -->');
});
