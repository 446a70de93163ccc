import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Configuration, Packager } from 'electron-builder';
import { configureBuildCommand, createYargs, normalizeOptions } from 'electron-builder/out/builder.js';
import { describe, expect, test } from 'vitest';
import { checksumLines, hashFolder } from './checksums.ts';
import { releaseNotes, type SigningRecord } from './release-notes.ts';
import { signing } from './signing.ts';
import { checkTag } from './tag.ts';

const NONE = {
  CSC_LINK: '',
  CSC_KEY_PASSWORD: '',
  WIN_CSC_LINK: '',
  WIN_CSC_KEY_PASSWORD: '',
  APPLE_API_KEY: '',
  APPLE_API_KEY_ID: '',
  APPLE_API_ISSUER: '',
};
const MAC = { CSC_LINK: 'cert', CSC_KEY_PASSWORD: 'word' };
const NOTARY = { APPLE_API_KEY: '-----BEGIN', APPLE_API_KEY_ID: 'id', APPLE_API_ISSUER: 'issuer' };
const WINDOWS = { WIN_CSC_LINK: 'wincert', WIN_CSC_KEY_PASSWORD: 'winword' };
const ALL = { ...MAC, ...NOTARY, ...WINDOWS };
const present = (env: object) => Object.entries(env).filter(([, value]) => value !== undefined);

describe('signing', () => {
  test('treats an empty secret as absent, unlike electron-builder', () => {
    for (const platform of ['darwin', 'win32', 'linux'] as const) {
      const { signed, notarized, env, apiKey } = signing(platform, NONE);
      expect({ signed, notarized, apiKey }).toEqual({ signed: false, notarized: false, apiKey: null });
      expect(present(env)).toEqual([]);
    }
  });

  test('signs an unsigned Mac app ad hoc, which Apple silicon requires', () => {
    expect(signing('darwin', NONE).args).toEqual(['-c.mac.identity=-', '-c.mac.hardenedRuntime=false']);
    expect(signing('win32', NONE).args).toEqual([]);
    expect(signing('linux', NONE).args).toEqual([]);
  });

  test('marks only signed packages as signed, so only those look for updates', () => {
    expect(signing('darwin', { ...NONE, ...MAC }).args).toEqual(['-c.extraMetadata.earshot.signed=true']);
    expect(signing('win32', ALL).args).toEqual(['-c.extraMetadata.earshot.signed=true']);
    expect(signing('linux', ALL).args).toEqual([]);
  });

  test('passes arguments that electron-builder accepts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'earshot-release-'));
    try {
      writeFileSync(join(folder, 'package.json'), '{"name":"earshot","version":"1.0.0"}');
      const parse = (args: readonly string[]) =>
        normalizeOptions(
          configureBuildCommand(createYargs()).parseSync([...args]) as Parameters<typeof normalizeOptions>[0],
        ).config;
      const adHoc = parse(signing('darwin', NONE).args);
      expect(adHoc).toEqual({ mac: { identity: '-', hardenedRuntime: 'false' } });
      const packager = new Packager({ projectDir: folder, config: adHoc as Configuration });
      await packager.validateConfig();
      expect(packager.config.mac).toMatchObject({ identity: '-', hardenedRuntime: false });
      expect(parse(signing('darwin', ALL).args)).toEqual({ extraMetadata: { earshot: { signed: true } } });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('passes to each system only its own secrets', () => {
    expect(present(signing('darwin', ALL).env).map(([name]) => name)).toEqual([
      'CSC_LINK',
      'CSC_KEY_PASSWORD',
      'APPLE_API_KEY_ID',
      'APPLE_API_ISSUER',
    ]);
    expect(present(signing('win32', ALL).env)).toEqual(Object.entries(WINDOWS));
    expect(present(signing('linux', ALL).env)).toEqual([]);
  });

  test("returns Apple's key as text for a file, not in the environment", () => {
    const { env, apiKey, notarized } = signing('darwin', ALL);
    expect({ apiKey, notarized }).toEqual({ apiKey: NOTARY.APPLE_API_KEY, notarized: true });
    expect(JSON.stringify(env)).not.toContain(NOTARY.APPLE_API_KEY);
  });

  test('can sign without notarizing, but not notarize without signing', () => {
    expect(signing('darwin', { ...NONE, ...MAC })).toMatchObject({ signed: true, notarized: false });
    expect(() => signing('darwin', { ...NONE, ...NOTARY })).toThrow(
      expect.objectContaining({ code: 'signing_incomplete', message: expect.stringContaining('CSC_LINK') }),
    );
  });

  test('refuses an incomplete set of secrets and names the missing ones, without values', () => {
    expect(() => signing('win32', { ...NONE, WIN_CSC_LINK: 'wincert' })).toThrow(/^Set WIN_CSC_KEY_PASSWORD among/);
    expect(() => signing('darwin', { ...ALL, APPLE_API_ISSUER: '' })).toThrow(/^Set APPLE_API_ISSUER among/);
    expect(() => signing('darwin', { ...ALL, WIN_CSC_LINK: '' })).not.toThrow();
  });
});

describe('the text of a release', () => {
  const record = (platform: SigningRecord['platform'], signed: boolean, notarized = false): SigningRecord => ({
    platform,
    signed,
    notarized,
  });
  const notes = (...signings: SigningRecord[]) => releaseNotes({ tag: 'v1.2.3', repository: 'earshot/app', signings });

  test('says for each system whether it is signed, and what happens at the first start', () => {
    const text = notes(record('darwin', false), record('win32', false), record('linux', false));
    expect(text).toMatch(/macOS\*\*: \*\*not signed.*system settings/);
    expect(text).toMatch(/Windows\*\*: \*\*not signed.*SmartScreen/);
    expect(text).toMatch(/Linux\*\*: .*no signature/);
  });

  test('mentions no warnings if there are none', () => {
    const text = notes(record('darwin', true, true), record('win32', true));
    expect(text).toContain('**macOS**: signed and notarized.');
    expect(text).toContain('**Windows**: signed.');
    expect(text).toContain('**Linux**: not built.');
  });

  test('does not call an app notarized if it is only signed', () => {
    expect(notes(record('darwin', true))).toContain('not notarized');
  });

  test('says how to verify a download, and links the checklist of the same tag', () => {
    const text = notes();
    expect(text).toContain('gh attestation verify <file> --repo earshot/app');
    expect(text).toContain('https://github.com/earshot/app/blob/v1.2.3/docs/verify-on-your-machine.md');
  });
});

test('a tag must be v and the version of package.json', () => {
  expect(() => checkTag('v0.1.0', '0.1.0')).not.toThrow();
  for (const tag of ['0.1.0', 'v0.1.1', 'v0.1.0-beta', '']) {
    expect(() => checkTag(tag, '0.1.0')).toThrow(expect.objectContaining({ code: 'tag_mismatch' }));
  }
});

test('SHA256SUMS lists every other file, sorted, in the format of sha256sum', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-release-'));
  try {
    for (const [name, text] of [
      ['b.zip', 'b'],
      ['a.dmg', ''],
      ['SHA256SUMS', 'old'],
    ] as const) {
      writeFileSync(join(folder, name), text);
    }
    const hex = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(checksumLines(await hashFolder(folder))).toBe(`${hex('')}  a.dmg\n${hex('b')}  b.zip\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
