import { z } from 'zod';

/** Where a tab asks which launch of Earshot serves its address: `GET /launch?challenge=<43 characters>`. */
export const HOST_PROOF_PATH = '/launch';

/** 32 bytes in base64url (RFC 4648 section 5), without padding. */
const BYTES_32 = /^[A-Za-z0-9_-]{43}$/;

/** What the page makes up for each question, so that an answer which was overheard is worth nothing. */
export const HostChallenge = z.string().regex(BYTES_32);

export const HostProof = z.object({
  /** HMAC-SHA256 (RFC 2104) of `signedText(challenge)` under the secret of the launch. */
  proof: z.string().regex(BYTES_32),
});

/** The text that is signed: of this purpose alone, whatever else the secret may ever sign. */
export const signedText = (challenge: string) => `earshot launch ${challenge}`;
