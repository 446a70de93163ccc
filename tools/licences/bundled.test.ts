import { describe, expect, test } from 'vitest';
import { bundledPackages, packageFolder } from './bundled.ts';

describe('the packages in a build', () => {
  test('are those of its chunks and files, with the bytes of all of them', () => {
    const module = (renderedLength: number) => ({ renderedLength });
    const packages = bundledPackages(
      [
        {
          output: [
            { type: 'asset', source: '.a{}', originalFileNames: [] },
            { type: 'asset', source: new Uint8Array(5), originalFileNames: ['../node_modules/@font/a/files/a.woff2'] },
            { type: 'asset', source: new Uint8Array(6), originalFileNames: ['../node_modules/@font/a/files/b.woff2'] },
            { type: 'chunk', modules: { '/p/main/host.ts': module(9), '/p/node_modules/ws/index.js': module(1) } },
            { type: 'chunk', modules: { '/p/node_modules/ws/lib/a.js': module(2) } },
          ],
        },
        { output: [{ type: 'chunk', modules: { '/p/node_modules/@x/y/z.js': module(4) } }] },
      ],
      '/p/renderer',
    );
    expect(Object.fromEntries(packages)).toEqual({
      '/p/node_modules/ws': 3,
      '/p/node_modules/@x/y': 4,
      '/p/node_modules/@font/a': 11,
    });
  });

  test.each([
    ['/p/node_modules/a/node_modules/b/lib/c.js', '/p/node_modules/a/node_modules/b'],
    ['\0/p/node_modules/a/index.js?commonjs-module', '/p/node_modules/a'],
    ['C:\\p\\node_modules\\@a\\b\\c.js', 'C:\\p\\node_modules\\@a\\b'],
    ['/p/shared/protocol.ts', null],
    ['\0rolldown/runtime.js', null],
  ])('assign %j to its innermost package', (id, folder) => {
    expect(packageFolder(id)).toBe(folder);
  });
});
