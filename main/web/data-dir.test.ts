import { describe, expect, test } from 'vitest';
import { defaultDataDir } from './data-dir.ts';

describe('the default data folder', () => {
  test.each([
    ['Linux', 'linux', {}, '/home/ada', '/home/ada/.local/share/earshot'],
    ['Linux with XDG_DATA_HOME', 'linux', { XDG_DATA_HOME: '/data' }, '/home/ada', '/data/earshot'],
    ['a relative XDG_DATA_HOME, to be ignored', 'linux', { XDG_DATA_HOME: 'data' }, '/h', '/h/.local/share/earshot'],
    ['an empty XDG_DATA_HOME', 'linux', { XDG_DATA_HOME: '' }, '/h', '/h/.local/share/earshot'],
    ['another Unix', 'freebsd', {}, '/h', '/h/.local/share/earshot'],
    ['macOS', 'darwin', { XDG_DATA_HOME: '/x' }, '/Users/ada', '/Users/ada/Library/Application Support/Earshot'],
    ['Windows', 'win32', { APPDATA: 'D:\\Roam' }, 'C:\\Users\\ada', 'D:\\Roam\\Earshot'],
    ['Windows without APPDATA', 'win32', {}, 'C:\\Users\\ada', 'C:\\Users\\ada\\AppData\\Roaming\\Earshot'],
  ] as const)('on %s', (_name, platform, env, home, expected) => {
    expect(defaultDataDir({ platform, env, home })).toBe(expected);
  });
});
