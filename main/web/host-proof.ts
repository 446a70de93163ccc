import { HOST_PROOF_PATH, type HostProof } from '../../shared/host-proof.ts';
import { Nonce } from '../../shared/proof.ts';
import type { LaunchProofs } from '../guard/launch-proofs.ts';
import { pathOf } from '../guard/request-checks.ts';

/** Whether a request is for the host's proof. */
export function isHostProofRequest(url: string | undefined): boolean {
  return pathOf(url) === HOST_PROOF_PATH;
}

/** The nonce in a question's query; null where there is none. */
export function nonceOf(url: string | undefined): string | null {
  return Nonce.safeParse(new URLSearchParams(url?.split('?')[1] ?? '').get('nonce')).data ?? null;
}

/**
 * Proves to a tab that lost its host which launch serves this address, by signing the tab's nonce with the launch's
 * secret. Only a tab that has the secret can verify the proof; to other programs it is 32 random bytes.
 * @param url path and query of the request
 * @param page `Host` header and origin of the page
 * @returns null if the URL has no valid nonce
 */
export function hostProof(
  url: string,
  page: { host: string; origin: string },
  proofs: Pick<LaunchProofs, 'forConnection'>,
): HostProof | null {
  const nonce = nonceOf(url);
  if (nonce === null) return null;
  return { proof: proofs.forConnection({ path: HOST_PROOF_PATH, ...page, nonce }).prove() };
}
