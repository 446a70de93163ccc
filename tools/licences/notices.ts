import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EarshotError } from '../../shared/errors.ts';
import { isAllowed, SHIPPED } from './allowed.ts';

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  // Old packages name it otherwise; then there is none to go by.
  license: z.string().optional().catch(undefined),
});

/** A package whose code is in the app, and the words that have to go with it. */
export interface ShippedPackage extends z.infer<typeof Manifest> {
  /** Its licence files and its NOTICE (Apache License 2.0, section 4d), whole. */
  texts: string[];
}

/** Reads a package by its folder. @throws {z.ZodError} when its manifest names no package */
export function readPackage(folder: string): ShippedPackage {
  const texts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice)/i.test(entry.name))
    .map((entry) => entry.name)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8').trim());
  return { ...Manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))), texts };
}

/**
 * The notices that go with the app: each package with its version, licence and texts, ordered by name.
 * @throws {EarshotError} `licence_not_allowed`, `licence_text_missing`
 */
export function notices(packages: readonly ShippedPackage[]): string {
  const byName = new Map(packages.map((one) => [`${one.name} ${one.version}`, one]));
  const sections = [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, { license, texts }]) => {
      if (!isAllowed(license, SHIPPED)) {
        throw new EarshotError(
          'licence_not_allowed',
          `${title} is in the app, and its licence (${license ?? 'none'}) is not on the list. Read it, then add it to tools/licences/allowed.ts or take the package out.`,
        );
      }
      if (texts.length === 0) {
        throw new EarshotError(
          'licence_text_missing',
          `${title} is in the app and brings no licence text, which has to go with it. Take the package out, or a version that brings one.`,
        );
      }
      return [`${title} (${license})`, ...texts].join('\n\n');
    });
  return [`Earshot contains the work of others, under these licences.`, ...sections, ''].join(
    `\n\n${'-'.repeat(80)}\n\n`,
  );
}
