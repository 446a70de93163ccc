import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
// electron-builder's own reader and schema: what it would refuse at a release is refused here.
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { DebugLogger } from 'builder-util';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const config = await getConfig(root, join(root, 'electron-builder.yml'), null);

describe('electron-builder.yml', () => {
  test('is what electron-builder takes', async () => {
    await expect(validateConfiguration(config, new DebugLogger(false))).resolves.toBeUndefined();
  });

  test('packages the Electron that the project is developed with, and the entry that package.json names', () => {
    expect(config.electronVersion).toBe(manifest.devDependencies.electron);
    expect(config.productName).toBe(manifest.productName);
    expect(manifest.main).toMatch(/^dist\/main\//);
  });

  test('carries no node_modules: nothing is a runtime dependency', () => {
    expect(manifest.dependencies ?? {}).toEqual({});
    expect(JSON.stringify(config.files)).toContain('!node_modules');
  });

  test('states every fuse that electron-builder knows', () => {
    const schema = JSON.parse(readFileSync(join(root, 'node_modules/app-builder-lib/scheme.json'), 'utf8'));
    const known = Object.keys(schema.definitions.FuseOptionsV1.properties);
    expect(Object.keys(config.electronFuses ?? {}).sort()).toEqual(known.sort());
  });

  test('no fuse lets anyone else run code under the app', () => {
    expect(config.electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  test('names only files that are there; both sets of entitlements hold the microphone', () => {
    for (const file of [config.mac?.entitlements, config.mac?.entitlementsInherit]) {
      expect(existsSync(join(root, String(file)))).toBe(true);
      expect(readFileSync(join(root, String(file)), 'utf8')).toContain('com.apple.security.device.audio-input');
    }
    expect(config.mac?.extendInfo).toHaveProperty('NSMicrophoneUsageDescription');
  });
});
