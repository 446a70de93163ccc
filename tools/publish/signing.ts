import { EarshotError } from '../../shared/errors.ts';

/** The secrets of a release. The workflow passes all of them; those that are not set are empty. */
const SIGNING_SECRETS = [
  'CSC_LINK',
  'CSC_KEY_PASSWORD',
  'WIN_CSC_LINK',
  'WIN_CSC_KEY_PASSWORD',
  'APPLE_API_KEY',
  'APPLE_API_KEY_ID',
  'APPLE_API_ISSUER',
] as const;
type Secret = (typeof SIGNING_SECRETS)[number];
type Env = Readonly<Record<string, string | undefined>>;

const MAC_CERTIFICATE: readonly Secret[] = ['CSC_LINK', 'CSC_KEY_PASSWORD'];
const MAC_NOTARY: readonly Secret[] = ['APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER'];
const WINDOWS_CERTIFICATE: readonly Secret[] = ['WIN_CSC_LINK', 'WIN_CSC_KEY_PASSWORD'];

/**
 * An unsigned Mac app still needs an ad-hoc signature ("-"): packing changes the binaries, and Apple silicon does not
 * run a binary with a broken signature. The hardened runtime is off, because it would not load Electron's framework
 * without a team id.
 */
const AD_HOC = ['-c.mac.identity=-', '-c.mac.hardenedRuntime=false'];

/** Written to the package's package.json, where the app reads whether it may look for updates. */
const SIGNED = ['-c.extraMetadata.earshot.signed=true'];

export interface Signing {
  /** Whether the package is signed with a certificate that names the publisher. */
  signed: boolean;
  /** Whether Apple checks the package, so that it starts without a warning. */
  notarized: boolean;
  /** Arguments for electron-builder. */
  args: readonly string[];
  /**
   * Environment for electron-builder: the given secrets of this system, and `undefined` for all others. `APPLE_API_KEY`
   * must be set to the path of a file.
   */
  env: Record<Secret, string | undefined>;
  /** Text of Apple's API key, to be written to that file. */
  apiKey: string | null;
}

/**
 * Decides from the available secrets how to sign a package. Empty secrets count as absent, because electron-builder
 * would use an empty `CSC_LINK` as a certificate.
 * @throws {EarshotError} `signing_incomplete` if a set of secrets is incomplete
 */
export function signing(platform: NodeJS.Platform, env: Env): Signing {
  const given = (secret: Secret) => Boolean(env[secret]);
  const certificate = platform === 'darwin' ? MAC_CERTIFICATE : platform === 'win32' ? WINDOWS_CERTIFICATE : [];
  const signed = certificate.length > 0 && complete(certificate, given);
  const notarized = platform === 'darwin' && complete(MAC_NOTARY, given);
  if (notarized && !signed) throw incomplete(['CSC_LINK', 'CSC_KEY_PASSWORD']);

  const used = [...(signed ? certificate : []), ...(notarized ? MAC_NOTARY : [])];
  const kept = (secret: Secret) => (used.includes(secret) ? env[secret] : undefined);
  return {
    signed,
    notarized,
    args: signed ? SIGNED : platform === 'darwin' ? AD_HOC : [],
    env: {
      CSC_LINK: kept('CSC_LINK'),
      CSC_KEY_PASSWORD: kept('CSC_KEY_PASSWORD'),
      WIN_CSC_LINK: kept('WIN_CSC_LINK'),
      WIN_CSC_KEY_PASSWORD: kept('WIN_CSC_KEY_PASSWORD'),
      APPLE_API_KEY: undefined,
      APPLE_API_KEY_ID: kept('APPLE_API_KEY_ID'),
      APPLE_API_ISSUER: kept('APPLE_API_ISSUER'),
    },
    apiKey: kept('APPLE_API_KEY') ?? null,
  };
}

/** Whether all secrets are given. @throws if only some are */
function complete(secrets: readonly Secret[], given: (secret: Secret) => boolean): boolean {
  const missing = secrets.filter((secret) => !given(secret));
  if (missing.length > 0 && missing.length < secrets.length) throw incomplete(missing);
  return missing.length === 0;
}

function incomplete(missing: readonly Secret[]): EarshotError {
  return new EarshotError(
    'signing_incomplete',
    `Set ${missing.join(', ')} among the repository's secrets too, or remove the others to build unsigned packages.`,
  );
}
