import { z } from 'zod';
import { Proof } from './proof.ts';

/**
 * Where a tab that has lost its host asks which launch of Earshot serves its address: `GET /launch?nonce=<22 characters>`. The
 * answer is the host's proof (shared/proof.ts) with `/launch` as the path, and nobody has to prove anything to get it: it lets the
 * page tell a host that was started again from another program, and opens nothing.
 */
export const HOST_PROOF_PATH = '/launch';

export const HostProof = z.object({ proof: Proof });
export type HostProof = z.infer<typeof HostProof>;
