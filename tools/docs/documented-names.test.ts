import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../test-runner/run-tool.ts';

// Compares the pages of the documentation with what they name: files, headings, pictures and npm scripts.

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const inFolder = (folder: string) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const PAGES = ['.', 'docs', 'docs/decisions', 'bench', '.github'].flatMap(inFolder);
const IMAGES = 'docs/images';

/** What a pattern finds on all pages, with the page: `docs/faq.md: found`. */
function findAll(pattern: RegExp, isRight: (found: string, page: string) => boolean): { all: number; wrong: string[] } {
  const found = PAGES.flatMap((page) =>
    [...read(page).matchAll(pattern)].map(([, text = '']) => ({ page: relative('.', page), text })),
  );
  return {
    all: found.length,
    wrong: found.filter(({ page, text }) => !isRight(text, page)).map(({ page, text }) => `${page}: ${text}`),
  };
}

describe('each page', () => {
  test('links to files and headings that exist', () => {
    const { all, wrong } = findAll(/\]\(([^)\s]+)\)/g, (link, page) => {
      if (/^[a-z]+:/.test(link)) return true;
      const [file = '', heading] = link.split('#');
      const path = file === '' ? page : join(dirname(page), file);
      if (!existsSync(join(ROOT, path))) return false;
      return heading === undefined || !path.endsWith('.md') || headingsOf(path).has(heading);
    });
    expect(all).toBeGreaterThan(100);
    expect(wrong).toEqual([]);
  });

  test('shows pictures that exist', () => {
    const { all, wrong } = findAll(/(?:src|srcset)="([^"]+)"/g, (image, page) =>
      existsSync(join(ROOT, dirname(page), image)),
    );
    expect(all).toBeGreaterThan(3);
    expect(wrong).toEqual([]);
  });

  test('names files and folders that exist', () => {
    // Without patterns such as `e2e/*.spec.ts`.
    const named = /`((?:main|renderer|shared|preload|e2e|chaos|bench|testing|tools|docs|\.github)\/[\w./-]+)`/g;
    const { all, wrong } = findAll(named, (path) => existsSync(join(ROOT, path)));
    expect(all).toBeGreaterThan(100);
    expect(wrong).toEqual([]);
  });

  test('names source files that exist somewhere', () => {
    const names = new Set(
      ['main', 'renderer', 'shared', 'preload', 'e2e', 'chaos', 'bench', 'testing', 'tools']
        .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }))
        .map((path) => basename(path)),
    );
    // Placeholders of CONTRIBUTING.md, and the configuration files of the root.
    const others = new Set(['x.ts', 'x.test.ts', ...readdirSync(ROOT)]);
    const { all, wrong } = findAll(/`([\w.-]+\.tsx?)`/g, (name) => names.has(name) || others.has(name));
    expect(all).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const { all, wrong } = findAll(/\bnpm run ([a-z][a-z0-9:-]*)/g, (name) => name in scripts);
    expect(all).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });
});

test('each picture of the documentation is shown on a page', () => {
  const texts = PAGES.map(read).join('\n');
  const unused = readdirSync(join(ROOT, IMAGES)).filter((name) => !texts.includes(`images/${name}"`));
  expect(unused).toEqual([]);
});

/** The ids that GitHub gives the headings of a page. */
function headingsOf(path: string): Set<string> {
  const seen = new Map<string, number>();
  const ids = [
    ...read(path)
      .replace(/^```[\s\S]*?^```/gm, '')
      .matchAll(/^#{1,6} (.+)$/gm),
  ].map(([, heading = '']) => {
    const id = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(id) ?? 0;
    seen.set(id, before + 1);
    return before === 0 ? id : `${id}-${before}`;
  });
  return new Set(ids);
}
