import { z } from 'zod';

/** How the packages of one system were signed. The build writes this record, and `release:assemble` reads it. */
export const SigningRecord = z.object({
  platform: z.enum(['darwin', 'win32', 'linux']),
  signed: z.boolean(),
  notarized: z.boolean(),
});
export type SigningRecord = z.infer<typeof SigningRecord>;

export interface NotesOptions {
  tag: string;
  /** `owner/name`. */
  repository: string;
  signings: readonly SigningRecord[];
}

/**
 * Writes the text of a draft release in Markdown: what each system says at first start, and how to check a download.
 */
export function releaseNotes({ tag, repository, signings }: NotesOptions): string {
  const line = (platform: SigningRecord['platform'], name: string) => {
    const found = signings.find((signing) => signing.platform === platform);
    return `* **${name}**: ${found ? sentence(found) : 'not built.'}`;
  };
  return `## Is it signed?

${line('darwin', 'macOS')}
${line('win32', 'Windows')}
${line('linux', 'Linux')}

What to click at the first start, and a list to check everything by:
[verify on your machine](https://github.com/${repository}/blob/${tag}/docs/verify-on-your-machine.md).

## Check a download

    sha256sum --check --ignore-missing SHA256SUMS
    gh attestation verify <file> --repo ${repository}

The first compares the file with this release, the second proves that it was built by this repository's release
workflow. What it was built from is in the file that ends in \`.cdx.json\` (CycloneDX).
`;
}

function sentence({ platform, signed, notarized }: SigningRecord): string {
  if (platform === 'linux') return 'no signature, and the app does not update itself; check it as below.';
  if (platform === 'win32') {
    return signed
      ? 'signed.'
      : '**not signed.** Windows SmartScreen warns at the first start, and the app does not update itself.';
  }
  if (signed && notarized) return 'signed and notarized.';
  return signed
    ? 'signed, **not notarized**: macOS refuses the first start until it is allowed in the system settings.'
    : '**not signed.** macOS refuses the first start until it is allowed in the system settings, and the app does not update itself.';
}
