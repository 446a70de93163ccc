import { EarshotError } from '../../shared/errors.ts';

/** The secrets of a release. A workflow hands every one of them over, as an empty text where there is none. */
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
 * Without a certificate the Mac app still needs a signature: packing has changed the binaries, and Apple silicon
 * starts nothing whose own signature is broken. An ad-hoc one ("-") names nobody. The hardened runtime would refuse
 * it to load Electron's framework, since neither carries a team.
 */
const AD_HOC = ['-c.mac.identity=-', '-c.mac.hardenedRuntime=false'];

/** Goes into the package's package.json, where the app reads whether it may look for updates. */
const SIGNED = ['-c.extraMetadata.earshot.signed=true'];

export interface Signing {
  /** By a certificate that names who made it. */
  signed: boolean;
  /** Checked by Apple: starts without a warning. */
  notarized: boolean;
  /** For electron-builder's command line. */
  args: readonly string[];
  /**
   * What electron-builder finds in its environment: the secrets that are there and belong to this system, and
   * `undefined` for every other one. In `APPLE_API_KEY` it wants the path of a file.
   */
  env: Record<Secret, string | undefined>;
  /** Text of Apple's API key, for that file. */
  apiKey: string | null;
}

/**
 * Decides how a package is signed from the secrets that are there. An empty one is none: electron-builder would take
 * an empty `CSC_LINK` for a certificate.
 * @throws {EarshotError} `signing_incomplete` when only a part of what belongs together is there
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

/** All or nothing. */
function complete(secrets: readonly Secret[], given: (secret: Secret) => boolean): boolean {
  const missing = secrets.filter((secret) => !given(secret));
  if (missing.length > 0 && missing.length < secrets.length) throw incomplete(missing);
  return missing.length === 0;
}

function incomplete(missing: readonly Secret[]): EarshotError {
  return new EarshotError(
    'signing_incomplete',
    `Set ${missing.join(', ')} among the repository's secrets too, or remove the others to build without a signature.`,
  );
}
