import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Configuration, Packager } from 'electron-builder';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const config = await readReleaseConfig('electron-builder.yml');
/** Loads a dependency of electron-builder in the version that electron-builder uses. */
const requireAsBuilder = createRequire(
  createRequire(createRequire(import.meta.url).resolve('electron-builder')).resolve('app-builder-lib'),
);

/** electron-builder's own parser and schema, so that an invalid file fails here and not at a release. */
async function readReleaseConfig(file: string | Configuration): Promise<Configuration> {
  const packager = new Packager({ projectDir: root, config: file });
  await packager.validateConfig();
  return packager.config;
}

describe('electron-builder.yml', () => {
  test('is validated with a schema that rejects unknown options', async () => {
    await expect(readReleaseConfig({ ...config, ...{ fuses: {} } })).rejects.toThrow("unknown property 'fuses'");
  });

  test('packages the installed version of Electron, and the entry of package.json', () => {
    expect(config.electronVersion).toBe(manifest.devDependencies.electron);
    expect(config.productName).toBe(manifest.productName);
    expect(manifest.main).toMatch(/^dist\/main\//);
  });

  test('contains no node_modules, because there are no runtime dependencies', () => {
    expect(manifest.dependencies ?? {}).toEqual({});
    expect(JSON.stringify(config.files)).toContain('!node_modules');
  });

  test('sets every fuse that electron-builder knows', () => {
    const schema = JSON.parse(readFileSync(requireAsBuilder.resolve('app-builder-lib/scheme.json'), 'utf8'));
    const known = Object.keys(schema.definitions.FuseOptionsV1.properties);
    expect(Object.keys(config.electronFuses ?? {}).sort()).toEqual(known.sort());
  });

  test('sets as many fuses as @electron/fuses knows', () => {
    const { FuseV1Options }: { FuseV1Options: object } = requireAsBuilder('@electron/fuses');
    const known = Object.values(FuseV1Options).filter((name) => typeof name === 'string');
    // The last one is not a fuse, but an option for the signature.
    const { resetAdHocDarwinSignature: _, ...fuses } = config.electronFuses ?? {};
    const names = Object.keys(fuses).map((name) => name.replace(/^enable/, '').toLowerCase());
    expect(names.sort()).toEqual(known.map((name) => name.replace(/^Enable/, '').toLowerCase()).sort());
    for (const state of Object.values(fuses)) expect(state).toBeTypeOf('boolean');
  });

  test('no fuse allows running other code in the app', () => {
    expect(config.electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  test('an AppImage does not disable the sandbox', () => {
    expect(config.appImage?.executableArgs).toEqual([]);
  });

  test('names only existing files; both sets of entitlements include the microphone', () => {
    for (const file of [config.mac?.entitlements, config.mac?.entitlementsInherit]) {
      expect(existsSync(join(root, String(file)))).toBe(true);
      expect(readFileSync(join(root, String(file)), 'utf8')).toContain('com.apple.security.device.audio-input');
    }
    expect(config.mac?.extendInfo).toHaveProperty('NSMicrophoneUsageDescription');
  });

  test('installs for one user without an administrator, and keeps recordings when it is uninstalled', () => {
    expect(config.nsis).toMatchObject({ oneClick: true, perMachine: false, deleteAppDataOnUninstall: false });
    expect(config.win?.requestedExecutionLevel ?? 'asInvoker').toBe('asInvoker');
  });

  test('builds the usual format of each system, and the zip for updates on macOS', () => {
    const both = ['x64', 'arm64'];
    expect(config.mac?.target).toEqual([
      { target: 'dmg', arch: both },
      { target: 'zip', arch: both },
    ]);
    expect(config.win?.target).toEqual(['nsis']);
    expect(config.linux?.target).toEqual(['AppImage', 'deb', 'tar.gz']);
  });

  test('has no publish target, whatever token is in the environment', () => {
    expect(config.publish).toBeNull();
    const text = ['electron-builder.yml', 'package.json'].map((file) => readFileSync(join(root, file), 'utf8')).join();
    expect(text).not.toMatch(/https?:|github\.com/);
  });

  test('release builds never accept a debugger', () => {
    const workflows = readdirSync(join(root, '.github/workflows')).map((name) => `.github/workflows/${name}`);
    const publish = readdirSync(join(root, 'tools/publish')).map((name) => `tools/publish/${name}`);
    const files = ['electron-builder.yml', 'package.json', 'tools/packaging/publish-args.ts', ...workflows, ...publish];
    for (const file of files) {
      expect(readFileSync(join(root, file), 'utf8'), file).not.toMatch(/remoteDebugging|remote-debugging/);
    }
    expect(JSON.stringify(config)).not.toContain('remoteDebugging');
  });

  test('the .deb depends on the libraries of Electron, by their names before and since Debian 13', () => {
    const depends = config.deb?.depends ?? [];
    expect(depends).toEqual(expect.arrayContaining(['libgbm1', 'libnss3', 'libx11-xcb1']));
    for (const one of depends) expect(one).toMatch(/^([a-z0-9.+-]+t64 \| )?[a-z0-9.+-]+$/);
    // The libraries that Debian 13 renamed. New names first: on Ubuntu 24.04 several packages provide `libasound2`.
    for (const name of ['libasound2', 'libatk1.0-0', 'libatspi2.0-0', 'libcups2', 'libglib2.0-0', 'libgtk-3-0']) {
      expect(depends).toContain(`${name}t64 | ${name}`);
    }
  });

  test('has an icon for each system', () => {
    for (const icon of [config.mac?.icon, config.win?.icon, config.linux?.icon]) {
      expect(existsSync(join(root, String(icon))), String(icon)).toBe(true);
    }
  });
});
