import { describe, expect, test } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';

/** Where each text with an access key is shown: no two entries of a menu may have the same one. */
const MENUS: (keyof typeof en.menu)[][] = [
  ['file', 'edit', 'talk', 'view', 'window', 'help'],
  ['newWindow', 'quit'],
  ['newWindow', 'exit'],
  ['undo', 'redo', 'cut', 'copy', 'paste', 'delete', 'selectAll'],
  ['toggle', 'togglePause', 'toggleMute'],
  ['reload', 'forceReload', 'developerTools', 'actualSize', 'zoomIn', 'zoomOut', 'fullScreen'],
  ['minimize', 'close'],
  ['copyDiagnostics', 'about'],
];

describe.each([
  ['English', en],
  ['German', de],
])('%s', (_name, catalogue) => {
  test.each(MENUS.map((entries) => ({ entries })))('the access keys of $entries differ', ({ entries }) => {
    const keys = entries.map((entry) => /&(.)/.exec(catalogue.menu[entry])?.[1]?.toLowerCase());
    expect(keys).not.toContain(undefined);
    expect(new Set(keys).size, keys.join()).toBe(keys.length);
  });

  test('the help has no long lines', () => {
    const lines = [catalogue.commandLine.help, catalogue.web.usage({ defaultPort: 12345 })].join('\n').split('\n');
    expect(lines.filter((line) => line.length > 85)).toEqual([]);
  });
});

test('the status names each state in German', () => {
  const status = { window: 1, current: true, seconds: 12.7, level: -20.6, session: '3f2a' };
  expect(de.commandLine.windowStatus({ ...status, state: 'listening' })).toBe(
    'Fenster 1 (aktuell): nimmt auf seit 12 s, -21 dBFS, Sitzung 3f2a',
  );
});
