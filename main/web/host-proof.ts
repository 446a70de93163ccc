import { HOST_PROOF_PATH, type HostProof } from '../../shared/host-proof.ts';
import { Nonce } from '../../shared/proof.ts';
import type { LaunchProofs } from '../guard/launch-proofs.ts';

/** Whether a request asks which launch serves this address. */
export function isHostProofRequest(url: string | undefined): boolean {
  return url?.split('?', 1)[0] === HOST_PROOF_PATH;
}

/** The nonce in a question's query; null where there is none. */
export function nonceOf(url: string | undefined): string | null {
  return Nonce.safeParse(new URLSearchParams(url?.split('?')[1] ?? '').get('nonce')).data ?? null;
}

/**
 * Answers a tab that lost its host: only who has the secret of this launch can sign its nonce, and only who has it can
 * read from the answer whose launch it is. To everyone else it is 32 random bytes.
 * @param url path and query of the request
 * @param page what the server is: its `Host`, and the origin of its page
 * @returns null where there is no nonce in it
 */
export function hostProof(
  url: string,
  page: { host: string; origin: string },
  proofs: Pick<LaunchProofs, 'of'>,
): HostProof | null {
  const nonce = nonceOf(url);
  if (nonce === null) return null;
  return { proof: proofs.of({ path: HOST_PROOF_PATH, ...page, nonce }).prove() };
}
