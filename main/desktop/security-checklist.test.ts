import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

// Compares the answers to Electron's security checklist in docs/security.md with the files that they name.

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Row {
  item: number;
  answer: string;
  file: string;
}
const rows: Row[] = [...read('docs/security.md').matchAll(/^\| (\d+) \| [^|]+ \| ([^|]+) \| `([^`|]+)` \|$/gm)].map(
  ([, item = '', answer = '', file = '']) => ({ item: Number(item), answer, file }),
);

test('docs/security.md answers the 20 items, in order', () => {
  expect(rows.map(({ item }) => item)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
});

test.each(rows)('item $item is answered in $file, which refers to it', ({ item, file }) => {
  expect(read(file)).toMatch(new RegExp(`\\bitem ${item}\\b`, 'i'));
});

/** The only file that may open a page of the system settings. */
const OPENER = 'main/desktop/microphone-settings.ts';
/** The only file that may show files in the file manager. */
const SHOWER = 'main/desktop/recording-files.ts';
const FOLDER_OPENER = 'main/desktop/recordings-folder.ts';

/** The list of switches that a package refuses. */
const REFUSED = 'main/desktop/refused-switches.ts';

/** Source files of the product by path, without tests and test support. */
const sources = new Map(
  ['main', 'preload', 'renderer', 'shared'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(tsx?|html)$/.test(entry.name))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
      .filter((path) => !/\.test\.tsx?$|^renderer\/testing\/|(^|\/)fake-|test-support/.test(path))
      .map((path): [string, string] => [path, read(path)]),
  ),
);

/** The values that a file imports from Electron, without types. */
function electronImports(text: string): string[] {
  return [...text.matchAll(/\bimport\s+([^;]*?)\s+from\s+['"]electron(?:\/[^'"]*)?['"]/g)]
    .filter(([, what = '']) => !what.startsWith('type '))
    .flatMap(([, what = '']) => what.replace(/[{}]/g, '').split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
}

describe('what the product imports from Electron', () => {
  const all = [...sources].flatMap(([path, text]) => electronImports(text).map((name) => ({ path, name })));

  test('equals the list that the answers in docs/security.md are based on', () => {
    // No `webContents`, `net`, `crashReporter` or `desktopCapturer`. The updater uses `autoUpdater` on macOS.
    expect([...new Set(all.map(({ name }) => name))].sort()).toEqual([
      'BrowserWindow',
      'Menu',
      'Notification',
      'Tray',
      'app',
      'autoUpdater',
      'clipboard',
      'contextBridge',
      'dialog',
      'globalShortcut',
      'ipcMain',
      'ipcRenderer',
      'nativeImage',
      'nativeTheme',
      'powerMonitor',
      'powerSaveBlocker',
      'protocol',
      'screen',
      'session',
      'shell',
      'systemPreferences',
    ]);
  });

  test('is imported only by the shell and the preload', () => {
    for (const { path, name } of all) {
      const inPreload = ['contextBridge', 'ipcRenderer'].includes(name);
      expect(path, name).toMatch(inPreload ? /^preload\/(index|overlay)\.ts$/ : /^main\/(index\.ts$|desktop\/)/);
    }
  });

  test('item 15: `shell` opens only fixed URLs and the recordings folder, and shows files', () => {
    expect(all.filter(({ name }) => name === 'shell').map(({ path }) => path)).toEqual([OPENER, SHOWER, FOLDER_OPENER]);
    expect(sources.get(FOLDER_OPENER)?.match(/\bshell\.\w+\(.*?\)\)/g)).toEqual([
      'shell.openPath((await folder.folder())',
    ]);
    expect(sources.get(SHOWER)?.match(/\bshell\.\w+\(.*?\)/g)).toEqual(['shell.showItemInFolder(path)']);
    const text = sources.get(OPENER) ?? '';
    expect(text.match(/\bshell\.\w+\(.*?\)/g)).toEqual(['shell.openExternal(page)']);
    expect(text).toContain('const page = PAGES[platform];');
  });

  test('the clipboard is written and never read', () => {
    for (const [path, text] of sources) expect(text, path).not.toMatch(/\bclipboard\.(?:read|has|available)/);
  });

  test('uses only plain import statements, which these tests can find', () => {
    for (const [path, text] of sources) {
      expect(text, path).not.toMatch(/(?:require|import)\s*\(\s*['"`]electron/);
      expect(electronImports(text).join(), path).not.toContain('*');
    }
  });
});

test.each([
  [
    'item 15: no file is opened by the system, only the recordings folder',
    /\bopenPath\s*\((?!\(await folder\.folder\(\)\)\.path\))/,
  ],
  ['items 11 and 12: no webview', /<webview\b|\ballowpopups\b|\bWebContentsView\b|\bBrowserView\b/],
  ['item 18: nothing is loaded by file://', /\bloadFile\s*\(|loadURL\(\s*['"`]file:/],
  ['item 10: no Blink features are enabled', /\benableBlinkFeatures\s*:|enable-blink-features/],
  [
    'no session but the default one and the overlay’s',
    /(?<!session\.)\bfromPartition\b|fromPartition\((?!'overlay'\))|\bfromPath\s*\(|\bpartition\s*:/,
  ],
  ['invalid certificates are refused', /certificate-error|setCertificateVerifyProc|ignore-certificate-errors/],
  ['no crash reports are uploaded', /\bcrashReporter\b/],
  ['no code is evaluated from text', /\beval\s*\(|new Function\s*\(|executeJavaScript\s*\(|dangerouslySetInnerHTML/],
])('%s', (_title, forbidden) => {
  for (const [path, text] of sources) {
    // It lists the switches to remove.
    if (path !== REFUSED) expect(text, path).not.toMatch(forbidden);
  }
});

test('the list of refused switches only removes switches', () => {
  expect(sources.get(REFUSED)).not.toMatch(/appendSwitch|appendArgument/);
});

test('item 16: the version of Electron is pinned, the same in both places', () => {
  const { devDependencies } = JSON.parse(read('package.json'));
  expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
  expect(read('electron-builder.yml')).toContain(`\nelectronVersion: ${devDependencies.electron}\n`);
  expect(JSON.parse(read('node_modules/electron/package.json')).version).toBe(devDependencies.electron);
});

test('the scan finds the product files', () => {
  for (const path of ['main/index.ts', 'main/desktop/ipc.ts', 'preload/index.ts', 'renderer/index.html']) {
    expect(sources.has(path), path).toBe(true);
  }
  expect(electronImports("import { app, type Event, shell } from 'electron';")).toEqual(['app', 'shell']);
  expect(electronImports("import type { Session } from 'electron';")).toEqual([]);
});
