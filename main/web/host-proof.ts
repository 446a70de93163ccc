import { createHmac } from 'node:crypto';
import type { z } from 'zod';
import { HOST_PROOF_PATH, HostChallenge, type HostProof, signedText } from '../../shared/host-proof.ts';

/** Whether a request asks which launch serves this address. */
export function asksForHostProof(url: string | undefined): boolean {
  return url?.split('?', 1)[0] === HOST_PROOF_PATH;
}

/**
 * Answers a tab that lost its host: only who has the secret of this launch can sign its challenge, and only who has it can
 * read from the answer whose launch it is. To everyone else it is 32 random bytes.
 * @param url path and query of the request
 * @param token the secret of this launch
 * @returns null where there is no challenge in it
 */
export function hostProof(url: string, token: string): z.infer<typeof HostProof> | null {
  const challenge = HostChallenge.safeParse(new URLSearchParams(url.split('?')[1] ?? '').get('challenge'));
  if (!challenge.success) return null;
  return { proof: createHmac('sha256', token).update(signedText(challenge.data)).digest('base64url') };
}
