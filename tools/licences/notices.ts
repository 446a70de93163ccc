import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EarshotError } from '../../shared/errors.ts';
import { isAllowed, SHIPPED } from './allowed.ts';

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  // Old packages use another format, which is not accepted.
  license: z.string().optional().catch(undefined),
});

/** A package whose code is in the app, with the texts that must be distributed with it. */
export interface ShippedPackage extends z.infer<typeof Manifest> {
  /** The contents of its licence files and NOTICE (Apache License 2.0, section 4d). */
  texts: string[];
}

/** Reads the package in a folder. @throws {z.ZodError} if its manifest has no name or version */
export function readPackage(folder: string): ShippedPackage {
  const texts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice)/i.test(entry.name))
    .map((entry) => entry.name)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8').trim());
  return { ...Manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))), texts };
}

/**
 * Makes the notices of the app: each package with version, licence and texts, sorted by name.
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
          `${title} is in the app, but its licence (${license ?? 'none'}) is not allowed. Read it, then add it to tools/licences/allowed.ts or remove the package.`,
        );
      }
      if (texts.length === 0) {
        throw new EarshotError(
          'licence_text_missing',
          `${title} is in the app, but has no licence text, which must be distributed with it. Use a version with one, or remove the package.`,
        );
      }
      return [`${title} (${license})`, ...texts].join('\n\n');
    });
  return [`Earshot contains software of others, under these licences.`, ...sections, ''].join(
    `\n\n${'-'.repeat(80)}\n\n`,
  );
}
