import { readFileSync } from 'node:fs';
import type { Rolldown } from 'vite';
import { expect, test } from 'vitest';
import { fillPage, fontLink } from './page-html.ts';

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

const asset = (name: string, file: string) =>
  ({ type: 'asset', fileName: `assets/${file}`, originalFileNames: [name] }) as unknown as Rolldown.OutputAsset;

test('the window’s page reads the Latin part of its typeface while the scripts are read', () => {
  const bundle = {
    a: asset('../node_modules/x/inter-greek-wght-normal.woff2', 'inter-greek-1.woff2'),
    b: asset('../node_modules/x/inter-latin-wght-normal.woff2', 'inter-latin-2.woff2'),
  };
  expect(fontLink(bundle).attrs).toMatchObject({ rel: 'preload', as: 'font', href: './assets/inter-latin-2.woff2' });
});

test('a build without that part fails', () => {
  expect(() => fontLink({})).toThrow('inter-latin');
});
