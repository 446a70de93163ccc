import { z } from 'zod';
import { Proof } from './proof.ts';

/**
 * Path with which a disconnected tab checks which launch of Earshot serves its address: `GET /launch?nonce=<22
 * characters>`. The answer is the host's proof (shared/proof.ts) with `/launch` as the path. The request needs no
 * authentication: the answer lets the page distinguish a restarted host from another program, and grants no access.
 */
export const HOST_PROOF_PATH = '/launch';

export const HostProof = z.object({ proof: Proof });
export type HostProof = z.infer<typeof HostProof>;
