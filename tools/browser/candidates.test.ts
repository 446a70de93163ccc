import { describe, expect, test } from 'vitest';
import { browserCandidates } from './candidates.ts';

describe('browser candidates', () => {
  test('searches PATH before the usual folders, and Chromium before Chrome', () => {
    const paths = browserCandidates({ platform: 'linux', env: { PATH: '/opt/mine:/usr/bin' } });
    expect(paths.slice(0, 2)).toEqual(['/opt/mine/chromium', '/usr/bin/chromium']);
    expect(paths.indexOf('/usr/bin/chromium')).toBeLessThan(paths.indexOf('/opt/mine/google-chrome'));
    expect(paths).toContain('/usr/bin/microsoft-edge');
  });

  test('lists each path once', () => {
    const paths = browserCandidates({ platform: 'linux', env: { PATH: '/usr/bin:/usr/bin' } });
    expect(new Set(paths).size).toBe(paths.length);
  });

  test('ignores empty and relative entries of PATH', () => {
    const paths = browserCandidates({ platform: 'linux', env: { PATH: ':.:bin:/usr/bin' } });
    expect(paths.every((path) => path.startsWith('/'))).toBe(true);
  });

  test('searches the usual folders without a PATH', () => {
    expect(browserCandidates({ platform: 'linux', env: {} })).toContain('/usr/bin/chromium');
  });

  test('searches the app bundles of the system and of the user on macOS', () => {
    const paths = browserCandidates({ platform: 'darwin', env: { HOME: '/Users/ada' } });
    expect(paths[0]).toBe('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome');
    expect(paths).toContain('/Users/ada/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge');
  });

  test('searches every program folder in the environment on Windows', () => {
    const env = { PROGRAMFILES: 'C:\\Program Files', LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' };
    expect(browserCandidates({ platform: 'win32', env })).toEqual([
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Users\\ada\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe',
      'C:\\Users\\ada\\AppData\\Local\\Microsoft\\Edge\\Application\\msedge.exe',
    ]);
  });
});
